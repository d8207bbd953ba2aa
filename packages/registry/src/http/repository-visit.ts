import type { Admission } from "../access/gate.ts"
import type { ProxiedName, ResolvedName } from "../proxy/resolved-name.ts"
import { RegistryError } from "../registry-error.ts"
import type { HostedRepository } from "../warehouse/hosted-repository.ts"
import type { ReadableRepository } from "../warehouse/readable-repository.ts"
import type { Exchange } from "./exchange.ts"
import type { Question } from "./question.ts"

/** A question that somebody may ask of a repository. */
export interface RepositoryQuestion {
  readonly exchange: Question
  readonly name: ResolvedName
  readonly admission: Admission
}

/** A request that was let in to a repository. */
export interface RepositoryVisit extends RepositoryQuestion {
  readonly exchange: Exchange
}

/** The repository that is read. @throws RegistryError NAME_UNKNOWN. */
export function readable({ exchange, name, admission }: RepositoryQuestion): ReadableRepository {
  return name.kind === "hosted" ? exchange.parts.hosted(name) : exchange.parts.proxied(name, admission.identity)
}

/** The repository that is changed. @throws RegistryError DENIED for one that is read through an upstream, NAME_UNKNOWN. */
export function writable({ exchange, name }: RepositoryVisit): HostedRepository {
  if (name.kind === "hosted") return exchange.parts.hosted(name)
  throw unchangeable(name)
}

/** Says where to push instead. */
export function unchangeable({ name, path }: ProxiedName): RegistryError {
  const sentence = `${name} is read through an upstream and cannot be changed here; push to a project of this registry: PROJECT/${path}`
  return new RegistryError("DENIED", sentence, { detail: { name } })
}
