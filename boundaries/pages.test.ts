import { dirname, join, relative, resolve } from "node:path"
import { expect, test } from "vitest"
import { importsOf, isTest, root, show, sourceFiles, textOf } from "./source-imports.ts"

/** How the pages are layered: docs/architecture.md, as a test. */

const source = "apps/web/src"

/** Features that each one builds on; nothing goes the other way. */
const features: Record<string, readonly string[]> = {
  preferences: [],
  session: ["preferences"],
  jobs: ["preferences", "session"],
  job: ["jobs", "session"],
  targets: ["session"],
  mirror: ["job", "jobs", "session", "targets"],
  batch: ["mirror", "session", "targets"],
  schedules: ["session"],
  "access-log": ["session"],
  setup: [],
  upstreams: ["session", "targets"],
  whitelist: ["session"],
  "pull-users": ["session"],
  projects: ["session"],
  statistics: ["preferences", "projects"],
  cache: ["session"],
  settings: ["preferences", "session"],
  shell: ["jobs", "preferences", "session"],
}

/** Other folders, and those that each one may name. Routes may name all. */
const layers: Record<string, readonly string[]> = {
  components: [],
  connection: [],
  messages: [],
  features: ["components", "connection"],
}

const files = sourceFiles(join(root, source)).filter((file) => !isTest(file))

/** `features/jobs`, `components/ui`, `page-headers.ts`: the first two steps of a path below the source. */
function placeOf(path: string): readonly [folder: string, inner: string] {
  const [folder = "", inner = ""] = relative(source, path).split("/")
  return [folder, inner]
}

const links = files
  .flatMap(importsOf)
  .filter(({ specifier }) => specifier.startsWith("."))
  .map((each) => ({ ...each, target: relative(root, resolve(root, dirname(each.file), each.specifier)) }))

test("folders of the pages import downward only", () => {
  expect(links.length).toBeGreaterThan(200)
  const wrong = links.filter(({ file, target }) => {
    const [[folder], [other]] = [placeOf(file), placeOf(target)]
    return folder in layers && other !== folder && !layers[folder]?.includes(other)
  })
  expect(show(wrong)).toEqual([])
})

test("a feature imports those that it builds on, and no other", () => {
  const inner = links.filter(({ file, target }) => placeOf(file)[0] === "features" && placeOf(target)[0] === "features")
  expect(inner.length).toBeGreaterThan(100)
  const wrong = inner.filter(({ file, target }) => {
    const [[, feature], [, other]] = [placeOf(file), placeOf(target)]
    return other !== feature && !features[feature]?.includes(other)
  })
  expect(show(wrong)).toEqual([])
})

test("every feature has its place, and none builds on itself by way of others", () => {
  const found = new Set(files.filter((file) => placeOf(file)[0] === "features").map((file) => placeOf(file)[1]))
  expect([...found].toSorted()).toEqual(Object.keys(features).toSorted())
  const order = Object.keys(features)
  const upward = order.filter((name, place) => features[name]?.some((other) => order.indexOf(other) >= place))
  expect(upward).toEqual([])
})

test("messages are read in one place, which browsers do not load", () => {
  const words = links.filter(({ target }) => target.endsWith(".json"))
  expect(new Set(words.map(({ file }) => file))).toEqual(new Set([`${source}/messages/index.ts`]))
  const readers = links.filter(({ target, typeOnly }) => target === `${source}/messages/index.ts` && !typeOnly)
  expect(show(readers.filter(({ file }) => placeOf(file)[0] !== "app"))).toEqual([])
})

test("pages ask nothing but through the client, and make no markup of texts", () => {
  const pages = files.filter((file) => placeOf(file)[1] !== "")
  expect(pages.length).toBeGreaterThan(100)
  const forbidden =
    /(?<![\w.])fetch\(|XMLHttpRequest|new EventSource|dangerouslySetInnerHTML|\.innerHTML\b|document\.write\b|\beval\(/
  expect(pages.filter((file) => forbidden.test(textOf(file)))).toEqual([])
})
