import { stat } from "node:fs/promises"
import { findCached, formatFamiliar, formatLocation, parseLocation, readCacheIndex, TransferError } from "@entrepot/core"
import type { Context } from "../context.ts"
import type { ExitCode } from "../exit-code.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import type { OutputOptions } from "../options/output-options.ts"
import { requestOptions } from "../options/request-options.ts"
import type { TransferOptions } from "../options/transfer-options.ts"
import { readLogins } from "../run/logins.ts"
import { runAndReport } from "../run/run-and-report.ts"
import { copyBy } from "../run/run-transfers.ts"
import { cacheDirectoryOf, openSession } from "../run/session.ts"
import { referenceAt } from "./reference-at.ts"
import { parseRegistryAddress } from "./registry-address.ts"

export interface PushOptions extends OutputOptions, ConnectionOptions, TransferOptions {
  readonly source: string
  readonly repository: string
  readonly reference: string
  readonly registry: string
  readonly skipExisting?: true
}

/** Seed 4, modes 3 and 4: from the cache, or from a tar, to a registry. */
export async function push(options: PushOptions, context: Context): Promise<ExitCode> {
  const address = parseRegistryAddress(options.registry)
  const target = referenceAt(address.registry, options.repository, options.reference)
  const source = await findSource(options.source, cacheDirectoryOf(options, context))
  const logins = await readLogins(options, context)
  await using session = await openSession([{ ...address, login: logins.target }], options, context)
  const name = formatFamiliar(target)
  const task = {
    job: { index: 0, count: 1, source, target: name },
    request: { ...requestOptions(options), source, target: formatLocation({ transport: "docker", reference: target }) },
    result: name,
  }
  return await runAndReport([task], copyBy(await session.engine("direct")), session, options, context)
}

/** `-s`: a tar where there is a file of that name, else `repository:tag` of the cache. @throws TransferError `not_found` for neither. */
async function findSource(text: string, cacheDirectory: string): Promise<string> {
  const found = await stat(text).catch(() => undefined)
  if (found?.isFile()) return `docker-archive:${text}`
  if (/\.(tar|tar\.gz|tgz)$/i.test(text)) {
    throw new TransferError("not_found", `there is no file ${text}`, { side: "source", host: text })
  }
  const named = parseLocation(`cache:${text.replace(/^cache:/, "")}`)
  if (named.transport !== "cache") throw new TransferError("usage", `"${text}" is neither a tar nor an image of the cache`)
  const location = await findCached(cacheDirectory, named)
  const index = await readCacheIndex(cacheDirectory)
  if (index[`${location.repository}/${location.reference}`] === undefined) {
    const names = Object.values(index).map(({ repository, reference }) => `${repository}:${reference}`)
    throw new TransferError("not_found", `${location.repository}:${location.reference} is not in the cache ${cacheDirectory}`, {
      side: "source",
      host: cacheDirectory,
      hint: names.length === 0 ? "the cache is empty; pull or extract first" : `it has ${names.slice(0, 5).join(", ")}`,
    })
  }
  return formatLocation(location)
}
