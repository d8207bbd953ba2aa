import { TargetsPage } from "../../../features/targets/targets-page.tsx"
import { pageMetadata } from "../../page-locale.ts"

export const generateMetadata = () => pageMetadata("targets")

export default function Page() {
  return <TargetsPage />
}
