import { readdirSync, readFileSync } from "node:fs"
import { join, relative, resolve } from "node:path"
import { expect, test } from "vitest"
import { messages } from "./index.ts"

const source = resolve(import.meta.dirname, "..")

function keysOf(value: object, path = ""): string[] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === "string" ? [path + key] : keysOf(inner, `${path}${key}.`),
  )
}

/** Texts of the files that make pages, by the folder that they stand in: those of a feature together. */
function textsByFolder(): Map<string, string> {
  const texts = new Map<string, string>()
  for (const entry of readdirSync(source, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name) || /\.(test|fixture)\./.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const [folder = "", feature = ""] = relative(source, path).split("/")
    const name = folder === "features" ? `${folder}/${feature}` : folder
    texts.set(name, `${texts.get(name) ?? ""}\n${readFileSync(path, "utf8")}`)
  }
  return texts
}

/** What a folder can say: each of its texts below each part of the messages that it opens. What a template fills in is one word. */
function sayable(text: string): RegExp[] {
  const opened = [...text.matchAll(/useTranslations\((?:"([\w.]+)")?\)|\{ (shell) \} = messages/g)].map(
    ([, part, own]) => part ?? own,
  )
  const written = [...text.matchAll(/"([\w.]+)"|`((?:[\w.]|\$\{[\w.()]+\})*)`|shell\.(\w+)/g)]
    .map(([, ...groups]) => groups.find((group) => group !== undefined) ?? "")
    .map((word) => word.replaceAll(/\$\{.*?\}/g, "*"))
    .filter((word) => /\w/.test(word))
  const words = [...new Set(written)].map((word) => word.replaceAll(".", "\\.").replaceAll("*", "[^.]+"))
  return [...new Set(opened)].flatMap((part) =>
    words.map((word) => new RegExp(`^${part === undefined ? "" : `${part}\\.`}${word}$`)),
  )
}

/** Named by the application's answers alone. */
const named = ["targets.check.unknown"]

test("every message is said by some page", () => {
  const patterns = [...textsByFolder().values()].flatMap(sayable)
  const silent = keysOf(messages.en).filter((key) => !patterns.some((pattern) => pattern.test(key)))
  expect(silent).toEqual(named)
})
