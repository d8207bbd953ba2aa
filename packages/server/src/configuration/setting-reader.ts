import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import type { Setting } from "./setting.ts"

type Variables = Readonly<Record<string, string | undefined>>

/** Reads settings one by one, environment before file, and collects what is wrong instead of stopping at the first. */
export class SettingReader {
  readonly #variables: Variables
  readonly #file: { readonly path: string; readonly values: ReadonlyMap<string, unknown> }
  readonly #problems: string[]
  /** By variable: what stood in the file that `VARIABLE_FILE` names. */
  readonly #fromFiles = new Map<string, string>()
  readonly #wrong = new Set<string>()

  constructor(
    variables: Variables,
    file: { readonly path: string; readonly values: ReadonlyMap<string, unknown> },
    problems: string[],
  ) {
    this.#variables = variables
    this.#file = file
    this.#problems = problems
  }

  /** Follows `VARIABLE_FILE` of every secret setting. File names are relative to `root`. */
  async readSecretFiles(settings: Iterable<Setting<unknown>>, root: string): Promise<void> {
    for (const { variable, secret } of settings) {
      const name = secret ? this.#variables[`${variable}_FILE`] : undefined
      if (!name) continue
      if (this.#variables[variable]) this.#spoil(variable, `${variable} and ${variable}_FILE are both set: keep one`)
      const text = await this.readFile(resolve(root, name), `${variable}_FILE`)
      if (text === undefined) this.#wrong.add(variable)
      else this.#fromFiles.set(variable, text.trim())
    }
  }

  /** The checked value; undefined when it is not set, or wrong, which is then among the problems. */
  read<Value>({ variable, key, schema, form, secret }: Setting<Value>): Value | undefined {
    const given = this.#given(variable, key)
    if (given === undefined || this.#wrong.has(variable)) return undefined
    const parsed = schema.safeParse(given.value)
    if (parsed.success) return parsed.data
    const shown = secret ? "has a value that cannot be used" : `is ${JSON.stringify(given.value).slice(0, 100)}`
    this.#spoil(variable, `${given.name} ${shown}: write ${form}`)
    return undefined
  }

  /** Whether reading it has found, or will have found, something to complain about. */
  isWrong({ variable }: Setting<unknown>): boolean {
    return this.#wrong.has(variable)
  }

  /** The text of a file; undefined, and a problem, when it cannot be read. `name` says who asks for it. */
  async readFile(path: string, name: string): Promise<string | undefined> {
    try {
      return await readFile(path, "utf8")
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : String(error)
      this.#problems.push(`${name}: ${path} cannot be read (${code})`)
      return undefined
    }
  }

  report(problem: string): void {
    this.#problems.push(problem)
  }

  #given(variable: string, key: string | undefined): { readonly name: string; readonly value: unknown } | undefined {
    const fromFile = this.#fromFiles.get(variable)
    if (fromFile !== undefined) return { name: `${variable}_FILE`, value: fromFile }
    const fromVariable = this.#variables[variable]
    if (fromVariable) return { name: variable, value: fromVariable }
    const value = key === undefined ? undefined : this.#file.values.get(key)
    return value === undefined ? undefined : { name: `${this.#file.path}: ${key}`, value }
  }

  #spoil(variable: string, problem: string) {
    this.#wrong.add(variable)
    this.report(problem)
  }
}
