import type { IncomingHttpHeaders } from "node:http"
import { type Configuration, preferredLocale } from "@entrepot/server"

type Locale = Configuration["locale"]

/** Header in which a page is told the chosen look. */
const themeHeader = "x-entrepot-theme"

/**
 * What a page is told of whoever asks for it, as headers: the language of the cookie `entrepot_locale`, or else the one that Accept-Language likes
 * best, or else `usual`; and the look of the cookie `entrepot_theme`, where that is not the system's to decide. Nothing else of a cookie is passed on.
 */
export function pagePreferences(headers: IncomingHttpHeaders, usual: Locale): Readonly<Record<string, string>> {
  const locale = cookieOf(headers.cookie, "entrepot_locale", ["zh", "en"])
  const theme = cookieOf(headers.cookie, "entrepot_theme", ["light", "dark"])
  return {
    "accept-language": locale ?? preferredLocale(headers["accept-language"], usual),
    ...(theme === undefined ? {} : { [themeHeader]: theme }),
  }
}

/** One of these values, exactly, of the first cookie with that name. */
function cookieOf<Value extends string>(header: string | undefined, name: string, values: readonly Value[]): Value | undefined {
  const pair = (header ?? "").split(";").find((part) => part.trim().startsWith(`${name}=`))
  const value = pair?.trim().slice(name.length + 1)
  return values.find((known) => known === value)
}
