import { WhitelistPage } from "../../../features/whitelist/whitelist-page.tsx"
import { pageMetadata } from "../../page-locale.ts"

export const generateMetadata = () => pageMetadata("whitelist")

export default function Page() {
  return <WhitelistPage />
}
