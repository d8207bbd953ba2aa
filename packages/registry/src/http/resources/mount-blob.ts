import type { Digest } from "@entrepot/core"
import { RegistryError } from "../../registry-error.ts"
import type { HostedRepository } from "../../warehouse/hosted-repository.ts"
import type { Exchange } from "../exchange.ts"
import { isRepositoryName } from "../repository-name.ts"
import type { RepositoryVisit } from "../repository-visit.ts"

/**
 * Makes a blob of another repository readable in this one (distribution-spec, "Mounting a blob from another repository"), if the same caller may pull
 * there: bytes are shared, rights are not (RELIABILITY S6). Without `from`, the other repositories of the project are looked through, since whoever
 * may pull from one of them may from all. False: the client uploads it; whether it is not there or may not be read looks the same.
 */
export async function mountBlob(
  { exchange, name, admission }: RepositoryVisit,
  repository: HostedRepository,
  digest: Digest,
  from: string | null,
): Promise<boolean> {
  const { parts } = exchange
  if (from === null) return parts.gate.mayPull(admission, name) && (await repository.mount(digest))
  if (!isRepositoryName(from)) return false
  const source = await sourceOf(exchange, from)
  return source !== undefined && (await repository.mount(digest, source))
}

async function sourceOf(exchange: Exchange, from: string): Promise<string | undefined> {
  const { parts } = exchange
  try {
    const source = parts.resolve(from, { host: exchange.client.host, ns: undefined })
    const { identity } = await parts.gate.admit(exchange, "pull", source)
    // What an upstream showed to one client alone is nothing that others may be given.
    return identity === undefined ? source.name : undefined
  } catch (error) {
    if (error instanceof RegistryError) return undefined
    throw error
  }
}
