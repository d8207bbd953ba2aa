import { UpstreamsPage } from "../../../features/upstreams/upstreams-page.tsx"
import { pageMetadata } from "../../page-locale.ts"

export const generateMetadata = () => pageMetadata("upstreams")

export default function Page() {
  return <UpstreamsPage />
}
