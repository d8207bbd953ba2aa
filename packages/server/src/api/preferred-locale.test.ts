import { expect, test } from "vitest"
import { preferredLocale } from "./preferred-locale.ts"

test("the language that Accept-Language likes best of those that we speak", () => {
  const cases = [
    [undefined, "zh"],
    ["*", "zh"],
    ["en", "en"],
    ["en-GB,en;q=0.9", "en"],
    ["zh-CN,zh;q=0.9,en;q=0.8", "zh"],
    ["fr-FR,fr;q=0.9,en;q=0.2", "en"],
    ["en;q=0.3, zh;q=0.4", "zh"],
    ["EN-us", "en"],
    ["en;q=0", "zh"],
    ["en;q=x", "zh"],
    ["de", "zh"],
  ] as const
  for (const [header, expected] of cases) expect([header, preferredLocale(header, "zh")]).toEqual([header, expected])
})
