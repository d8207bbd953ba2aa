import { type Locale, localeOf } from "@entrepot/core/locale"
import type { Metadata } from "next"
import { headers } from "next/headers"
import { type Messages, messages } from "../messages/index.ts"

/** The language of the page that is being made: the entry has written what was chosen, or what the browser asks for, into Accept-Language. */
export async function pageLocale(): Promise<Locale> {
  return localeOf((await headers()).get("accept-language") ?? undefined)
}

type PageName = {
  [Name in keyof Messages["shell"]]: Messages["shell"][Name] extends string ? Name : never
}[keyof Messages["shell"]]

/** What stands in the browser's tab. */
export async function pageMetadata(name: PageName): Promise<Metadata> {
  const { shell } = messages[await pageLocale()]
  return { title: `${shell[name]} · ${shell.title}` }
}
