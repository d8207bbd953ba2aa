import { expect, test } from "vitest"
import { readEnvironment } from "./environment.ts"

test("the language is ENTREPOT_LANG's, else the locale's", () => {
  expect(readEnvironment({ LANG: "zh_CN.UTF-8" }).locale).toBe("zh")
  expect(readEnvironment({ LANG: "zh_CN.UTF-8", LC_ALL: "C" }).locale).toBe("en")
  expect(readEnvironment({ LANG: "de_DE.UTF-8", ENTREPOT_LANG: "zh" }).locale).toBe("zh")
  expect(readEnvironment({}).locale).toBe("en")
})

test("NO_COLOR turns colours off, but only when it is not empty", () => {
  expect(readEnvironment({ NO_COLOR: "1" }).colour).toBe(false)
  expect(readEnvironment({ NO_COLOR: "" }).colour).toBe(true)
  expect(readEnvironment({ TERM: "dumb" })).toMatchObject({ colour: false, redraws: false })
})

test("an empty variable is as good as none", () => {
  expect(readEnvironment({ MIRROR_TARGET: "" }).mirrorTarget).toBeUndefined()
  expect(readEnvironment({ MIRROR_TARGET: "harbor.example.com/proxy" }).mirrorTarget).toBe("harbor.example.com/proxy")
})

test("bars are ASCII where the locale says that UTF-8 cannot be shown", () => {
  expect(readEnvironment({ LANG: "C" }).unicode).toBe(false)
  expect(readEnvironment({ LANG: "C.UTF-8" }).unicode).toBe(true)
  expect(readEnvironment({}).unicode).toBe(true)
})
