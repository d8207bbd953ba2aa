import type { Digest } from "@entrepot/core"
import type { ProxiedName, ResolvedName } from "../../proxy/resolved-name.ts"
import { RegistryError } from "../../registry-error.ts"
import type { HostedRepository } from "../../warehouse/hosted-repository.ts"
import type { Exchange } from "../exchange.ts"
import { lenderOf } from "../lender.ts"
import type { RepositoryVisit } from "../repository-visit.ts"

/**
 * Makes a blob of another repository readable in this one (distribution-spec, "Mounting a blob from another repository"), if the same caller, by what it
 * shows now, could pull it there: bytes are shared, rights are not (RELIABILITY S6). Without `from`, the other repositories of the project are looked
 * through. False: the client uploads it; whether it is not there or may not be read looks the same.
 * @throws RegistryError UNAUTHORIZED with a `challenge` for both repositories, where the caller could have a token for them and this one is narrower.
 */
export async function mountBlob(visit: RepositoryVisit, repository: HostedRepository, digest: Digest): Promise<boolean> {
  const { exchange } = visit
  if (exchange.query.get("from") === null) return await repository.mount(digest, (name) => mayTake(exchange, name))
  const lender = lenderOf(exchange)
  if (lender === undefined || !(await lends(visit, lender))) return false
  if (lender.kind === "proxied" && !(await isForStrangers(exchange, lender, digest))) return false
  return await repository.mount(digest, lender.name)
}

/** Whether the caller may pull from the repository of that name, as it is. */
async function mayTake(exchange: Exchange, from: string): Promise<boolean> {
  const { parts } = exchange
  const isAdmitted = await unlessRefused(async () => {
    const source = parts.resolve(from, { host: exchange.client.host, ns: undefined })
    return await pulls(exchange, source)
  })
  return isAdmitted === true
}

/** Whether the caller may pull from there; a token that could be had anew for both repositories is asked for. */
async function lends({ exchange, name }: RepositoryVisit, lender: ResolvedName): Promise<boolean> {
  try {
    return await pulls(exchange, lender)
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error
    if (error.code !== "UNAUTHORIZED") return false
    const challenge = await exchange.parts.gate.challenge(exchange, "push", name, lender)
    throw new RegistryError("UNAUTHORIZED", "a token for both repositories is needed to mount", { challenge, cause: error })
  }
}

/** @throws RegistryError as Gate.admit does. */
async function pulls(exchange: Exchange, source: ResolvedName): Promise<boolean> {
  const { identity } = await exchange.parts.gate.admit(exchange, "pull", source)
  // What an upstream showed to one client alone is nothing that others may be given.
  return identity === undefined
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
