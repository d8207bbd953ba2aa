import type { Locale } from "@entrepot/core"

export const locales: readonly Locale[] = ["zh", "en"]

/** Picks one of two texts that stand together in the code. */
export type Say = (en: string, zh: string) => string

export function speak(locale: Locale): Say {
  return (en, zh) => (locale === "zh" ? zh : en)
}
