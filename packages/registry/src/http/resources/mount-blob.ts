import type { Digest } from "@entrepot/core"
import type { ResolvedName } from "../../proxy/resolved-name.ts"
import { RegistryError } from "../../registry-error.ts"
import type { HostedRepository } from "../../warehouse/hosted-repository.ts"
import { isRepositoryName } from "../repository-name.ts"
import type { RepositoryVisit } from "../repository-visit.ts"

/**
 * Makes a blob of another repository readable in this one (distribution-spec, "Mounting a blob from another repository"), if the same caller may pull
 * there: bytes are shared, rights are not (RELIABILITY S6). False: the client uploads it. Without `from` nothing is looked for, since it would have to
 * be looked for everywhere; that a blob cannot be had, is not there, or may not be read looks the same.
 */
export async function mountBlob(
  { exchange }: RepositoryVisit,
  repository: HostedRepository,
  digest: Digest,
  from: string | null,
): Promise<boolean> {
  if (from === null || !isRepositoryName(from)) return false
  try {
    const { parts } = exchange
    const source: ResolvedName = parts.resolve(from, { host: exchange.client.host, ns: undefined })
    const { identity } = await parts.gate.admit(exchange, "pull", source)
    // What an upstream showed to one client alone is no link that others may follow.
    if (identity !== undefined) return false
    return await repository.mount(digest, source.name)
  } catch (error) {
    if (error instanceof RegistryError) return false
    throw error
  }
}
