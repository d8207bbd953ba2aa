import { readdirSync, readFileSync } from "node:fs"
import { join, relative, resolve } from "node:path"

/** The repository's own folder, absolute. */
export const root = resolve(import.meta.dirname, "..")

/** One import, as it is written. */
export interface Import {
  /** From the root. */
  readonly file: string
  readonly specifier: string
  readonly dynamic: boolean
  readonly typeOnly: boolean
}

/** Every TypeScript file below a folder, from the root. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}

const pattern = /^\s*(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|import\(\s*"([^"]+)"\s*\)/gms

/** What a file imports, and when. */
export function importsOf(file: string): Import[] {
  return [...textOf(file).matchAll(pattern)].map(([, type, fixed, dynamic]) => ({
    file,
    specifier: fixed ?? dynamic ?? "",
    dynamic: dynamic !== undefined,
    typeOnly: type !== undefined,
  }))
}

/** What stands in a file. */
export function textOf(file: string): string {
  return readFileSync(join(root, file), "utf8")
}

/** Whether a file is part of the tests, and is not shipped. */
export function isTest(file: string): boolean {
  return /\.(test|fixture)\.tsx?$/.test(file) || file.endsWith("store-contract.ts")
}

/** As a failed test names them. */
export function show(list: readonly Import[]): string[] {
  return list.map(({ file, specifier }) => `${file} imports ${specifier}`)
}
