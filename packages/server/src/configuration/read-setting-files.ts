import { join, resolve } from "node:path"
import { parseEnv } from "node:util"
import { readOptionalFile } from "./read-optional-file.ts"

/** Where settings stand, not yet checked. */
export interface SettingFiles {
  /** Variables, those of `.env` below those of the process. */
  readonly all: Readonly<Record<string, string | undefined>>
  readonly dataDirectory: string
  /** Of `config.toml`, and what stands in it; undefined where there is none. */
  readonly path: string
  readonly text: string | undefined
}

/** Reads `.env` in the root and `config.toml` in the data directory. What exists and cannot be read is added to the problems. */
export async function readSettingFiles(
  variables: Readonly<Record<string, string | undefined>>,
  root: string,
  problems: string[],
): Promise<SettingFiles> {
  const all: Record<string, string | undefined> = parseEnv((await readOptionalFile(join(root, ".env"), problems)) ?? "")
  for (const [name, value] of Object.entries(variables)) if (value) all[name] = value
  const dataDirectory = resolve(root, all.DATA_DIR || "data")
  const path = join(dataDirectory, "config.toml")
  return { all, dataDirectory, path, text: await readOptionalFile(path, problems) }
}
