import type { Digest } from "@entrepot/core"
import type { ProxiedName, ResolvedName } from "../../proxy/resolved-name.ts"
import { RegistryError } from "../../registry-error.ts"
import type { HostedRepository } from "../../warehouse/hosted-repository.ts"
import type { Exchange } from "../exchange.ts"
import { isRepositoryName } from "../repository-name.ts"
import type { RepositoryVisit } from "../repository-visit.ts"

/**
 * Makes a blob of another repository readable in this one (distribution-spec, "Mounting a blob from another repository"), if the same caller, by what it
 * shows now, could pull it there: bytes are shared, rights are not (RELIABILITY S6). Without `from`, the other repositories of the project are looked
 * through. False: the client uploads it; whether it is not there or may not be read looks the same.
 */
export async function mountBlob(
  { exchange }: RepositoryVisit,
  repository: HostedRepository,
  digest: Digest,
  from: string | null,
): Promise<boolean> {
  if (from === null) return await repository.mount(digest, async (name) => (await sourceOf(exchange, name)) !== undefined)
  const source = isRepositoryName(from) ? await sourceOf(exchange, from) : undefined
  if (source === undefined || (source.kind === "proxied" && !(await isForStrangers(exchange, source, digest)))) return false
  return await repository.mount(digest, source.name)
}

/** The repository of that name, where the caller may pull from it. */
async function sourceOf(exchange: Exchange, from: string): Promise<ResolvedName | undefined> {
  const { parts } = exchange
  return await unlessRefused(async () => {
    const source = parts.resolve(from, { host: exchange.client.host, ns: undefined })
    const { identity } = await parts.gate.admit(exchange, "pull", source)
    // What an upstream showed to one client alone is nothing that others may be given.
    return identity === undefined ? source : undefined
  })
}

/** Whether it would be served to somebody without a login of their own at the upstream: it may be here because somebody had one. */
async function isForStrangers(exchange: Exchange, source: ProxiedName, digest: Digest): Promise<boolean> {
  const repository = exchange.parts.proxied(source, undefined)
  return (await unlessRefused(() => repository.blob(digest, exchange.signal))) !== undefined
}

async function unlessRefused<T>(work: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RegistryError) return undefined
    throw error
  }
}
