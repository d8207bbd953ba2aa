/** Languages that people are spoken to in. */
export type Locale = "zh" | "en"

/** One sentence in every language. */
export type Text = Readonly<Record<Locale, string>>

/** The language of a LANG-like or Accept-Language-like text: `zh_CN.UTF-8`, `zh-Hans`, `C`. English when it says nothing. */
export function localeOf(text: string | undefined): Locale {
  return /^zh(?![a-z])/i.test((text ?? "").trim()) ? "zh" : "en"
}
