import { listCache } from "@entrepot/core"
import { formatBytes } from "@entrepot/core/progress"
import type { Context } from "../context.ts"
import { type ExitCode, exitCodes } from "../exit-code.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import { formatTable } from "../renderers/format-table.ts"
import { jsonText } from "../renderers/json-text.ts"
import { cacheDirectoryOf } from "../run/session.ts"

export interface ListOptions extends Pick<ConnectionOptions, "cacheDir"> {
  readonly json?: true
}

/** Seed 4: the images of the cache. */
export async function list(options: ListOptions, context: Context): Promise<ExitCode> {
  const { stdout, stderr, say } = context
  const directory = cacheDirectoryOf(options, context)
  const images = await listCache(directory)
  if (options.json) {
    stdout.write(jsonText(images))
  } else if (images.length === 0) {
    stderr.write(`${say(`The cache ${directory} is empty.`, `缓存 ${directory} 为空。`)}\n`)
  } else {
    const head = [
      say("REPOSITORY", "镜像"),
      say("REFERENCE", "标签或摘要"),
      say("SIZE", "大小"),
      say("CACHED", "缓存时间"),
      say("PLATFORMS", "平台"),
    ]
    const rows = images.map(({ repository, reference, sizeBytes, createdAt, platforms }) => [
      repository,
      reference,
      formatBytes(sizeBytes),
      createdAt.toISOString().slice(0, 16).replace("T", " "),
      platforms.join(" "),
    ])
    stdout.write(formatTable([head, ...rows]))
  }
  return exitCodes.ok
}
