import { PullUsersPage } from "../../../features/pull-users/pull-users-page.tsx"
import { pageMetadata } from "../../page-locale.ts"

export const generateMetadata = () => pageMetadata("pullUsers")

export default function Page() {
  return <PullUsersPage />
}
