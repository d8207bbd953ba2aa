import { formatFamiliar, formatLocation, type Location, parseLocation } from "@entrepot/core"
import type { Context } from "../context.ts"
import type { ExitCode } from "../exit-code.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import type { OutputOptions } from "../options/output-options.ts"
import { requestOptions } from "../options/request-options.ts"
import type { TransferOptions } from "../options/transfer-options.ts"
import { dryRun } from "../run/dry-run.ts"
import { type Login, readLogins } from "../run/logins.ts"
import { runAndReport } from "../run/run-and-report.ts"
import { copyBy } from "../run/run-transfers.ts"
import { type NamedRegistry, openSession } from "../run/session.ts"

export interface CopyOptions extends OutputOptions, ConnectionOptions, TransferOptions {
  readonly dryRun?: true
}

/** Copies between any two places. */
export async function copy(source: string, target: string, options: CopyOptions, context: Context): Promise<ExitCode> {
  const from = parseLocation(source)
  const to = parseLocation(target)
  const logins = await readLogins(options, context)
  const registries = [
    ...registryOf(from, logins.source ?? (to.transport === "docker" ? undefined : logins.target)),
    ...registryOf(to, logins.target),
  ]
  await using session = await openSession(registries, options, context)
  const engine = await session.engine("direct")
  const task = {
    job: { index: 0, count: 1, source: displayOf(from), target: displayOf(to) },
    request: { ...requestOptions(options), source: formatLocation(from), target: formatLocation(to) },
    result: displayOf(to),
  }
  if (options.dryRun) return await dryRun([task], engine, session, options, context)
  return await runAndReport([task], copyBy(engine), session, options, context)
}

function registryOf(location: Location, login: Login | undefined): NamedRegistry[] {
  return location.transport === "docker" ? [{ registry: location.reference.registry, login }] : []
}

/** Registries as `docker pull` takes them, other places with their transport. */
export function displayOf(location: Location): string {
  return location.transport === "docker" ? formatFamiliar(location.reference) : formatLocation(location)
}
