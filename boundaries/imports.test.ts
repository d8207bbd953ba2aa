import { dirname, join, relative, resolve } from "node:path"
import { expect, test } from "vitest"
import { importsOf, isTest, root, show, sourceFiles, textOf } from "./source-imports.ts"

/** Who may import whom: docs/architecture.md, as a test. */

/** Packages of this workspace, and the app, that each one's shipped code may name. Tests may also use `testing`. */
const packages: Record<string, readonly string[]> = {
  core: [],
  db: ["core"],
  registry: ["core", "db"],
  server: ["core", "db", "registry"],
  client: ["core"],
  cli: ["core", "client"],
  testing: [],
  web: ["client", "core", "server"],
}

/** Where each is; the others are in packages/. */
const folders: Record<string, string> = { web: "apps/web" }
const folderOf = (name: string) => folders[name] ?? `packages/${name}`

/** The program behind the app's port. What pages are made of stands in other folders, and knows the client alone. */
const webEntry = /^apps\/web\/src\/[^/]+\.ts$/

/** Beyond that table: types alone, or loaded only when they are needed. */
const typesOnly: Record<string, readonly string[]> = { client: ["server"], cli: ["server"] }
const onDemand: Record<string, readonly string[]> = { cli: ["server"] }

/** Folders of a package, the highest first: each may import from those after it, and those side by side are blind to each other. */
const layers: Record<string, readonly (readonly string[])[]> = {
  core: [["engines", "progress"], ["transfer", "stores"], ["http"], ["content", "image-list"], ["reference"], ["errors"]],
  registry: [
    ["http"],
    ["access"],
    ["proxy"],
    ["warehouse"],
    ["blobs", "access-log", "conformance"],
    ["registry-error.ts", "lately-used.ts"],
  ],
}
/** What stands above all folders of its package. */
const roots = new Set(["index.ts", "create-registry.ts", "join-meters.ts"])
/** Types alone, that speak of several folders and that any may know. */
const contracts = new Set(["registry-meter.ts"])

/** Loaded lazily, by exactly these files. */
const heavy: Record<string, RegExp> = {
  dockerode: /^packages\/core\/src\/(engines\/docker|stores\/docker-daemon)\//,
  socks: /^packages\/core\/src\/http\/transport\//,
}

/** Libraries that one place alone knows, so that they can be exchanged there. */
const homes: Record<string, RegExp> = {
  "drizzle-orm": /^packages\/db\//,
  "better-sqlite3": /^packages\/db\//,
  pg: /^packages\/db\//,
  "@trpc/server": /^packages\/(server\/src\/api|client\/src)\//,
  "@trpc/client": /^(packages\/client|apps\/web)\//,
  zod: /^packages\/server\//,
  "zod-openapi": /^packages\/server\/src\/api\//,
  pino: /^packages\/server\/src\/logging\//,
  "prom-client": /^packages\/server\/src\/metrics\//,
  jose: /^packages\/(server\/src\/accounts|registry\/src\/access)\//,
  "lru-cache": /^packages\/registry\//,
  croner: /^packages\/server\/src\/schedules\//,
  "smol-toml": /^packages\/server\/src\/configuration\//,
  yaml: /^packages\/core\/src\/image-list\//,
  commander: /^packages\/cli\//,
  eventsource: /^packages\/client\//,
  next: /^apps\/web\//,
  react: /^apps\/web\//,
  "react-dom": /^apps\/web\//,
}

const files = Object.keys(packages).flatMap((name) => sourceFiles(join(root, folderOf(name), "src")))
const imports = files.flatMap(importsOf)

test("the rules see the code they speak of", () => {
  expect(files.length).toBeGreaterThan(100)
  expect(imports.some(({ file, specifier }) => file.startsWith("packages/cli/") && specifier === "@entrepot/core")).toBe(true)
  expect(imports.some(({ dynamic }) => dynamic)).toBe(true)
})

test("packages import only those below them", () => {
  const wrong = imports.filter(({ file, specifier, typeOnly, dynamic }) => {
    const other = /^@entrepot\/([^/]+)/.exec(specifier)?.[1]
    const own = file.split("/")[1] ?? ""
    if (other === undefined || other === own || isTest(file)) return false
    if (typeOnly && typesOnly[own]?.includes(other)) return false
    if (dynamic && onDemand[own]?.includes(other)) return false
    return !packages[own]?.includes(other)
  })
  expect(show(wrong)).toEqual([])
})

test("nothing reaches into another package by path", () => {
  const wrong = imports.filter(({ file, specifier }) => {
    if (!specifier.startsWith(".")) return false
    const [, own] = file.split("/")
    return !relative(root, resolve(root, dirname(file), specifier)).startsWith(`${folderOf(own ?? "")}/`)
  })
  expect(show(wrong)).toEqual([])
})

test.each(Object.entries(layers))("folders of %s import downward only", (name, folders) => {
  const layerOf = (folder: string) => folders.findIndex((layer) => layer.includes(folder))
  const wrong = imports.filter(({ file, specifier, typeOnly }) => {
    const [, own, , folder = ""] = file.split("/")
    if (own !== name || !specifier.startsWith(".") || roots.has(folder) || isTest(file)) return false
    const target = relative(join(root, `packages/${name}/src`), resolve(root, dirname(file), specifier)).split("/")[0] ?? ""
    if (contracts.has(folder) || contracts.has(target)) return !typeOnly
    return target !== folder && layerOf(target) <= layerOf(folder)
  })
  expect(show(wrong)).toEqual([])
})

test.each(Object.entries(layers))("every folder of %s has its layer", (name, layersOfIt) => {
  const present = new Set(
    files.filter((file) => file.startsWith(`packages/${name}/src/`) && !isTest(file)).map((file) => file.split("/")[3] ?? ""),
  )
  const known = new Set([...layersOfIt.flat(), ...roots, ...contracts])
  expect([...present].filter((folder) => !known.has(folder))).toEqual([])
})

test("heavy libraries are loaded lazily, where they belong", () => {
  const wrong = imports.filter(({ file, specifier, dynamic, typeOnly }) => {
    const place = heavy[specifier]
    return place !== undefined && !isTest(file) && !(place.test(file) && (dynamic || typeOnly))
  })
  expect(show(wrong)).toEqual([])
})

test("a library is known where it is at home, and nowhere else", () => {
  const libraryOf = (specifier: string) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? ""
  const known = imports.filter(({ file, specifier }) => !isTest(file) && libraryOf(specifier) in homes)
  expect(known.length).toBeGreaterThan(100)
  expect(show(known.filter(({ file, specifier }) => !homes[libraryOf(specifier)]?.test(file)))).toEqual([])
})

test("only the runtime opens databases; everybody else is handed stores", () => {
  const opening = imports.filter(({ file, specifier }) => specifier === "@entrepot/db" && !isTest(file))
  expect(opening.length).toBeGreaterThan(0)
  expect(show(opening.filter(({ file }) => !file.startsWith("packages/server/src/runtime/")))).toEqual([])
})

test("the server's services know nothing of HTTP", () => {
  const service =
    /^packages\/server\/src\/(accounts|targets|projects|schedules|jobs|settings|statistics|pull-access|registry\/[^/]+)\//
  const wrong = imports.filter(
    ({ file, specifier }) =>
      service.test(file) &&
      !isTest(file) &&
      (specifier.startsWith("node:http") ||
        (specifier.startsWith(".") &&
          /^packages\/server\/src\/(api|http)\//.test(relative(root, resolve(root, dirname(file), specifier))))),
  )
  expect(show(wrong)).toEqual([])
})

test("pages of the app reach the server through the client alone, and browsers load nothing of Node", () => {
  const browser = imports.filter(({ file }) => file.startsWith("apps/web/src/") && !webEntry.test(file) && !isTest(file))
  expect(browser.length).toBeGreaterThan(20)
  const wrong = browser.filter(
    ({ file, specifier }) =>
      specifier.startsWith("node:") ||
      specifier === "@entrepot/core" ||
      specifier.startsWith("@entrepot/server") ||
      (specifier.startsWith(".") && webEntry.test(relative(root, resolve(root, dirname(file), specifier)))),
  )
  expect(show(wrong)).toEqual([])
})

test("only one file of each executable reads the environment", () => {
  const readers = files.filter(
    (file) => !isTest(file) && !file.startsWith("packages/testing/") && /\bprocess\s*\.\s*env\b/.test(textOf(file)),
  )
  expect(readers.toSorted()).toEqual(["apps/web/src/environment.ts", "packages/cli/src/environment.ts"])
})

test("core prints nothing and runs no shell", () => {
  const wrong = files.filter((file) => {
    if (!file.startsWith("packages/core/") || isTest(file)) return false
    return /\bconsole\.|process\.std(out|err)|(?<![.\w])exec(Sync)?\(|shell:\s*true/.test(textOf(file))
  })
  expect(wrong).toEqual([])
})
