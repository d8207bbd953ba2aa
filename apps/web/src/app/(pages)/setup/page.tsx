import { SetupPage } from "../../../features/setup/setup-page.tsx"
import { pageMetadata } from "../../page-locale.ts"

export const generateMetadata = () => pageMetadata("setup")

export default function Page() {
  return <SetupPage />
}
