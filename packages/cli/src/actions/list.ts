import { readCacheIndex } from "@entrepot/core"
import type { Context } from "../context.ts"
import { type ExitCode, exitCodes } from "../exit-code.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import { formatBytes } from "../renderers/format-bytes.ts"
import { formatTable } from "../renderers/format-table.ts"
import { cacheDirectoryOf } from "../run/session.ts"

export interface ListOptions extends Pick<ConnectionOptions, "cacheDir"> {
  readonly json?: true
}

/** Seed 4: the images of the cache. */
export async function list(options: ListOptions, context: Context): Promise<ExitCode> {
  const { stdout, stderr, say } = context
  const directory = cacheDirectoryOf(options, context)
  const entries = Object.values(await readCacheIndex(directory)).map(({ repository, reference, blobs }) => {
    const all = Object.values(blobs)
    return { repository, reference, blobs: all.length, sizeBytes: all.reduce((sum, { size }) => sum + size, 0) }
  })
  entries.sort((a, b) =>
    `${a.repository}:${a.reference}`.localeCompare(`${b.repository}:${b.reference}`, "en", { numeric: true }),
  )
  if (options.json) {
    stdout.write(`${JSON.stringify(entries)}\n`)
  } else if (entries.length === 0) {
    stderr.write(`${say(`The cache ${directory} is empty.`, `缓存 ${directory} 为空。`)}\n`)
  } else {
    const head = [say("REPOSITORY", "镜像"), say("REFERENCE", "标签或摘要"), say("BLOBS", "层数"), say("SIZE", "大小")]
    const rows = entries.map(({ repository, reference, blobs, sizeBytes }) => [
      repository,
      reference,
      String(blobs),
      formatBytes(sizeBytes),
    ])
    stdout.write(formatTable([head, ...rows]))
  }
  return exitCodes.ok
}
