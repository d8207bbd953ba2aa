import type { z } from "zod"

/** One thing that can be set, by an environment variable or by a key of `config.toml`. */
export interface Setting<Value> {
  readonly variable: string
  /** `section.key` in config.toml; absent for what must be known before that file is found. */
  readonly key?: string
  /** Takes the variable's text, or what stands in config.toml. */
  readonly schema: z.ZodType<Value>
  /** What would be right, after "write": `a port number, 0 to 65535`. */
  readonly form: string
  /** The value is never shown, and `VARIABLE_FILE` may name a file that holds it. */
  readonly secret?: true
}

/** Holds the compiler to the value's type. */
export function setting<Value>(definition: Setting<Value>): Setting<Value> {
  return definition
}
