import { SettingsPage } from "../../../features/settings/settings-page.tsx"
import { pageMetadata } from "../../page-locale.ts"

export const generateMetadata = () => pageMetadata("settings")

export default function Page() {
  return <SettingsPage />
}
