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

/** Tells what a folder can say: each of its texts below each part of the messages that it opens. What a template fills in is one word. */
function sayableBy(text: string): (key: string) => boolean {
  const opened = new Set(
    [...text.matchAll(/useTranslations\((?:"([\w.]+)")?\)|\{ (shell) \} = messages/g)].map(([, part, own]) => part ?? own ?? ""),
  )
  const plain = new Set([...text.matchAll(/"([\w.]+)"|shell\.(\w+)/g)].map(([, quoted, own]) => quoted ?? own ?? ""))
  const templates = new Set([...text.matchAll(/`((?:[\w.]|\$\{[\w.()]+\})*)`/g)].map(([, template = ""]) => template))
  const filled = [...templates]
    .map((template) => template.replaceAll(/\$\{.*?\}/g, "*"))
    .filter((template) => /\w/.test(template))
    .map((template) => new RegExp(`^${template.replaceAll(".", "\\.").replaceAll("*", "[^.]+")}$`))
  return (key) =>
    [...key.matchAll(/^|\./g)].some(({ index, 0: dot }) => {
      const words = key.slice(index + dot.length)
      return opened.has(key.slice(0, index)) && (plain.has(words) || filled.some((pattern) => pattern.test(words)))
    })
}

/** Named by the application's answers alone. */
const named = ["targets.check.unknown"]

test("every message is said by some page", () => {
  const speakers = [...textsByFolder().values()].map(sayableBy)
  const silent = keysOf(messages.en).filter((key) => !speakers.some((says) => says(key)))
  expect(silent).toEqual(named)
})
