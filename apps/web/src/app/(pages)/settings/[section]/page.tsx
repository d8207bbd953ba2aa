import { notFound } from "next/navigation"
import { SettingsPage } from "../../../../features/settings/settings-page.tsx"
import { settingsSections } from "../../../../features/settings/settings-sections.ts"
import { messages } from "../../../../messages/index.ts"
import { pageLocale } from "../../../page-locale.ts"

interface PageProps {
  readonly params: Promise<{ readonly section: string }>
}

export async function generateMetadata({ params }: PageProps) {
  const { section } = await params
  const { shell, settings } = messages[await pageLocale()]
  const known = settingsSections.find(({ name }) => name === section)
  const names = known === undefined ? [shell.settings] : [settings[known.name].title, shell.settings]
  return { title: [...names, shell.title].join(" · ") }
}

export default async function Page({ params }: PageProps) {
  const { section } = await params
  const known = settingsSections.find(({ name }) => name === section)
  if (known === undefined) notFound()
  return <SettingsPage section={known.name} />
}
