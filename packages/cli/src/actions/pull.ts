import { formatLocation, parseLocation, type Reference } from "@entrepot/core"
import type { Context } from "../context.ts"
import type { ExitCode } from "../exit-code.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import type { OutputOptions } from "../options/output-options.ts"
import { requestOptions } from "../options/request-options.ts"
import type { TransferOptions } from "../options/transfer-options.ts"
import { readLogins } from "../run/logins.ts"
import { runAndReport } from "../run/run-and-report.ts"
import { copyBy } from "../run/run-transfers.ts"
import { openSession } from "../run/session.ts"
import { displayOf } from "./copy.ts"
import { referenceAt } from "./reference-at.ts"
import { parseRegistryAddress } from "./registry-address.ts"

export interface PullOptions extends OutputOptions, ConnectionOptions, TransferOptions {
  readonly repository: string
  readonly reference: string
  readonly registry: string
}

/** Seed 4, mode 1: from a registry into the cache. */
export async function pull(options: PullOptions, context: Context): Promise<ExitCode> {
  const address = parseRegistryAddress(options.registry)
  const source: Reference = referenceAt(address.registry, options.repository, options.reference)
  const cached = parseLocation(cacheName(options.repository, options.reference))
  const logins = await readLogins(options, context)
  await using session = await openSession([{ ...address, login: logins.target }], options, context)
  const from = formatLocation({ transport: "docker", reference: source })
  const task = {
    job: { index: 0, count: 1, source: displayOf({ transport: "docker", reference: source }), target: formatLocation(cached) },
    request: { ...requestOptions(options), source: from, target: formatLocation(cached) },
    result: formatLocation(cached),
  }
  return await runAndReport([task], copyBy(await session.engine("direct")), session, options, context)
}

/** `cache:library/ubuntu:22.04`, or with `@` before a digest. */
export function cacheName(repository: string, reference: string): string {
  return `cache:${repository}${reference.includes(":") ? "@" : ":"}${reference}`
}
