import { AccessLogPage } from "../../../features/access-log/access-log-page.tsx"
import { pageMetadata } from "../../page-locale.ts"

export const generateMetadata = () => pageMetadata("accessLog")

export default function Page() {
  return <AccessLogPage />
}
