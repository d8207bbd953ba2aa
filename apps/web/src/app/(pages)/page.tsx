import { MirrorPage } from "../../features/mirror/mirror-page.tsx"
import { pageMetadata } from "../page-locale.ts"

export const generateMetadata = () => pageMetadata("mirror")

export default function Page() {
  return <MirrorPage />
}
