import { halfOf } from "../../../features/statistics/period.ts"
import { StatisticsPage } from "../../../features/statistics/statistics-page.tsx"
import { messages } from "../../../messages/index.ts"
import { pageLocale } from "../../page-locale.ts"

interface PageProps {
  readonly searchParams: Promise<{ readonly of?: string | readonly string[] }>
}

export async function generateMetadata({ searchParams }: PageProps) {
  const { of } = await searchParams
  const { shell, statistics } = messages[await pageLocale()]
  const half = statistics.halves[halfOf(typeof of === "string" ? of : null)]
  return { title: [half, shell.statistics, shell.title].join(" · ") }
}

export default function Page() {
  return <StatisticsPage />
}
