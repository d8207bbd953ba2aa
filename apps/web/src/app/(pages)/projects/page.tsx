import { ProjectsPage } from "../../../features/projects/projects-page.tsx"
import { pageMetadata } from "../../page-locale.ts"

export const generateMetadata = () => pageMetadata("projects")

export default function Page() {
  return <ProjectsPage />
}
