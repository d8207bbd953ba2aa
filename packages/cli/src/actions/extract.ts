import { formatLocation, openDockerArchive, parseLocation, TransferError } from "@entrepot/core"
import type { Context } from "../context.ts"
import type { ExitCode } from "../exit-code.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import type { OutputOptions } from "../options/output-options.ts"
import { runAndReport } from "../run/run-and-report.ts"
import { type CopyTask, copyBy } from "../run/run-transfers.ts"
import { openSession } from "../run/session.ts"
import { cacheName } from "./pull.ts"

export interface ExtractOptions extends OutputOptions, Pick<ConnectionOptions, "cacheDir"> {
  readonly file: string
  readonly repository?: string
  readonly reference?: string
}

/** Seed 4, mode 2: every image of a `docker save` tar into the cache, under the names that the tar gives, or under the one of the options. */
export async function extract(options: ExtractOptions, context: Context): Promise<ExitCode> {
  const { file, repository, reference } = options
  const archive = await openDockerArchive(file)
  const images = archive.images
  await archive.close()
  if (repository !== undefined && images.length > 1) {
    throw new TransferError("usage", `${file} holds ${images.length} images, and --repository names one`, {
      side: "local",
      host: file,
      hint: "leave --repository away: each image keeps its name",
    })
  }
  const named = images.flatMap(({ index, names }) => {
    if (repository !== undefined) return [{ index, target: cacheName(repository, reference ?? "latest") }]
    if (names.length > 0) return names.map((name) => ({ index, target: `cache:${name}` }))
    throw new TransferError("usage", `image ${index + 1} of ${file} has no name`, {
      side: "local",
      host: file,
      hint: "give it one: --repository library/app --reference v1",
    })
  })
  await using session = await openSession([], options, context)
  const tasks = named.map(({ index, target }, i): CopyTask => {
    const place = formatLocation(parseLocation(target))
    const source = `docker-archive:${file}:@${index}`
    return { job: { index: i, count: named.length, source, target: place }, request: { source, target: place }, result: place }
  })
  return await runAndReport(tasks, copyBy(await session.engine("direct")), session, options, context)
}
