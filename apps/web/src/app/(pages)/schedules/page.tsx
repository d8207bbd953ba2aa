import { SchedulesPage } from "../../../features/schedules/schedules-page.tsx"
import { pageMetadata } from "../../page-locale.ts"

export const generateMetadata = () => pageMetadata("schedules")

export default function Page() {
  return <SchedulesPage />
}
