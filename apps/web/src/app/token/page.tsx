import { localeOf } from "@entrepot/core/locale"
import { headers } from "next/headers"
import { TokenPage } from "../../features/keys/token-page.tsx"

export default async function Page() {
  return <TokenPage locale={localeOf((await headers()).get("accept-language") ?? undefined)} />
}
