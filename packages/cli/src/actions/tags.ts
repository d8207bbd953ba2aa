import { parsePasted } from "@entrepot/core"
import type { Context } from "../context.ts"
import { type ExitCode, exitCodes } from "../exit-code.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import { selectTags } from "../options/select-tags.ts"
import { jsonText } from "../renderers/json-text.ts"
import { readLogins } from "../run/logins.ts"
import { openSession } from "../run/session.ts"
import { listTags } from "./mirror.ts"

export interface TagsOptions extends ConnectionOptions {
  readonly json?: true
  readonly tags?: string
}

/** Prints the tags of a repository, one a line, in the registry's order. */
export async function tags(image: string, options: TagsOptions, context: Context): Promise<ExitCode> {
  const reference = parsePasted(image)
  const logins = await readLogins(options, context)
  await using session = await openSession([{ registry: reference.registry, login: logins.target }], options, context)
  const all = await listTags(reference, session, context.signal)
  const found = options.tags === undefined ? all : selectTags(all, options.tags)
  context.stdout.write(options.json ? jsonText(found) : found.map((tag) => `${tag}\n`).join(""))
  return exitCodes.ok
}
