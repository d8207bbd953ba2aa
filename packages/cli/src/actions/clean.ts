import { cleanCache, findCached, parseLocation } from "@entrepot/core"
import { formatBytes } from "@entrepot/core/progress"
import type { Context } from "../context.ts"
import { type ExitCode, exitCodes } from "../exit-code.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import { printable } from "../renderers/text-width.ts"
import { cacheDirectoryOf } from "../run/session.ts"

export interface CleanOptions extends Pick<ConnectionOptions, "cacheDir"> {
  readonly unused?: true
}

/** Seed 4: removes the images of the cache, or those that are named, and all that belongs to none. Prints the names of what went. */
export async function clean(names: readonly string[], options: CleanOptions, context: Context): Promise<ExitCode> {
  const { stdout, stderr, say, signal } = context
  const directory = cacheDirectoryOf(options, context)
  const named = await Promise.all(names.map((name) => imageOfCache(name, directory)))
  const choices = names.length > 0 ? named : [options.unused ? {} : ({ all: true } as const)]
  const removed: string[] = []
  let freedBytes = 0
  for (const choice of choices) {
    const result = await cleanCache(directory, { ...choice, signal })
    removed.push(...result.removed)
    freedBytes += result.freedBytes
  }
  stdout.write(removed.map((name) => `${printable(name)}\n`).join(""))
  const freed = formatBytes(freedBytes)
  stderr.write(
    `${say(`${removed.length} ${removed.length === 1 ? "image" : "images"} removed from ${directory}, ${freed} freed`, `已从 ${directory} 删除 ${removed.length} 个镜像，释放 ${freed}`)}\n`,
  )
  return exitCodes.ok
}

async function imageOfCache(
  name: string,
  directory: string,
): Promise<{ readonly repository?: string; readonly reference?: string }> {
  const location = parseLocation(`cache:${name.replace(/^cache:/, "")}`)
  if (location.transport !== "cache") return {}
  const { repository, reference } = await findCached(directory, location)
  return { repository, reference }
}
