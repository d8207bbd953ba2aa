import type { Locale } from "@entrepot/core"

/** The language of ours that an Accept-Language header likes best (RFC 9110 section 12.5.4); `usual` where it names neither. */
export function preferredLocale(header: string | undefined, usual: Locale): Locale {
  let best: { readonly locale: Locale; readonly weight: number } | undefined
  for (const part of (header ?? "").slice(0, 1024).split(",")) {
    const [range = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase())
    const language = range.split("-", 1)[0]
    const quality = parameters.find((parameter) => parameter.startsWith("q="))
    const weight = quality === undefined ? 1 : Number(quality.slice(2))
    if ((language === "zh" || language === "en") && weight > (best?.weight ?? 0)) best = { locale: language, weight }
  }
  return best?.locale ?? usual
}
