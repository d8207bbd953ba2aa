import { localeOf } from "@entrepot/core/locale"
import { headers } from "next/headers"
import { Workbench } from "../features/workbench.tsx"

export default async function Page() {
  return <Workbench locale={localeOf((await headers()).get("accept-language") ?? undefined)} />
}
