import { CachePage } from "../../../features/cache/cache-page.tsx"
import { pageMetadata } from "../../page-locale.ts"

export const generateMetadata = () => pageMetadata("cache")

export default function Page() {
  return <CachePage />
}
