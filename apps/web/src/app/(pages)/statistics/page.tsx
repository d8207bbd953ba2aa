import { StatisticsPage } from "../../../features/statistics/statistics-page.tsx"
import { pageMetadata } from "../../page-locale.ts"

export const generateMetadata = () => pageMetadata("statistics")

export default function Page() {
  return <StatisticsPage />
}
