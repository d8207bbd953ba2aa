import { notFound } from "next/navigation"
import { JobPage } from "../../../../features/job/job-page.tsx"
import { messages } from "../../../../messages/index.ts"
import { pageLocale } from "../../../page-locale.ts"

interface PageProps {
  readonly params: Promise<{ readonly id: string }>
}

export async function generateMetadata({ params }: PageProps) {
  const { shell } = messages[await pageLocale()]
  return { title: `${shell.job.replace("{id}", (await params).id)} · ${shell.title}` }
}

export default async function Page({ params }: PageProps) {
  const { id } = await params
  if (!/^[1-9]\d{0,14}$/.test(id)) notFound()
  return <JobPage id={Number(id)} />
}
