import { BatchPage } from "../../../features/batch/batch-page.tsx"
import { pageMetadata } from "../../page-locale.ts"

export const generateMetadata = () => pageMetadata("batch")

export default function Page() {
  return <BatchPage />
}
