import { JobsPage } from "../../../features/jobs/jobs-page.tsx"
import { pageMetadata } from "../../page-locale.ts"

export const generateMetadata = () => pageMetadata("jobs")

export default function Page() {
  return <JobsPage />
}
