import { LoginPage } from "../../features/session/login-page.tsx"
import { pageMetadata } from "../page-locale.ts"

export const generateMetadata = () => pageMetadata("login")

export default function Page() {
  return <LoginPage />
}
