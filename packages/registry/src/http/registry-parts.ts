import type { PageQuery } from "@entrepot/db/stores"
import type { RegistryGate } from "../access/create-gate.ts"
import type { AccessLog } from "../access-log/access-entry.ts"
import type { ClientIdentity } from "../proxy/client-identity.ts"
import type { HostedName, ProxiedName, ResolvedName } from "../proxy/resolved-name.ts"
import type { SearchAnswer, SearchQuery, SearchResult } from "../proxy/search-indexes.ts"
import type { RegistryMeter } from "../registry-meter.ts"
import type { HostedRepository } from "../warehouse/hosted-repository.ts"
import type { ReadableRepository } from "../warehouse/readable-repository.ts"
import type { RequestFacts } from "./question.ts"

/** Who sent a request, as far as connection and believed proxies tell. */
export interface RequestClient {
  /** IP address. */
  readonly address: string
  /** The client's own connection is encrypted, to us or to a proxy that is believed. */
  readonly https: boolean
  /** Host and port as the client wrote them. */
  readonly host: string | undefined
}

/** A web server in front that sends files itself, so that whole blobs never pass through this process. */
export interface SendFile {
  readonly header: "X-Accel-Redirect" | "X-Sendfile"
  /** Set before a blob's path below the store's root: `/warehouse/` (nginx, an internal location), `/var/lib/entrepot/` (a directory). */
  readonly prefix: string
}

/** What the answers of /v2 are made from. */
export interface RegistryParts {
  readonly gate: RegistryGate
  /** What a requested name means here. @throws RegistryError where it means nothing. */
  resolve(name: string, asked: { readonly host: string | undefined; readonly ns: string | undefined }): ResolvedName
  proxied(name: ProxiedName, identity: ClientIdentity | undefined): ReadableRepository
  /** @throws RegistryError NAME_UNKNOWN where there is no such project. */
  hosted(name: HostedName): HostedRepository
  /** Whether a login of the client's own could let it in where an upstream has turned it away. */
  mayLogInUpstream(name: ProxiedName): boolean
  /** Repositories of the warehouse in the order of their names. */
  repositories(page: PageQuery): Promise<readonly ResolvedName[]>
  /** @throws TransferError where the index could not be asked. */
  search(query: SearchQuery, signal: AbortSignal): Promise<SearchAnswer>
  /** What an image of a search result is called here. */
  nameOfResult(result: SearchResult): ResolvedName
  clientOf(request: RequestFacts): RequestClient
  readonly accessLog: Pick<AccessLog, "add"> | undefined
  readonly meter: Pick<RegistryMeter, "request"> | undefined
  readonly sendFile: SendFile | undefined
  /** How long caches in front may keep what a tag points at, seconds. */
  readonly tagCacheS: number
  /** A client that sends nothing of a body for so long is cut off, milliseconds. */
  readonly bodyIdleMs: number
  readonly log: { error(details: object, message: string): void }
}
