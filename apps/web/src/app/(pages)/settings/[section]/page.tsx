import { notFound } from "next/navigation"
import { SettingsPage } from "../../../../features/settings/settings-page.tsx"
import { settingsSections } from "../../../../features/settings/settings-sections.ts"
import { pageMetadata } from "../../../page-locale.ts"

export const generateMetadata = () => pageMetadata("settings")

export default async function Page({ params }: { readonly params: Promise<{ readonly section: string }> }) {
  const { section } = await params
  const known = settingsSections.find(({ name }) => name === section)
  if (known === undefined) notFound()
  return <SettingsPage section={known.name} />
}
