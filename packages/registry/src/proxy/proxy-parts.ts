import type { Descriptor } from "@entrepot/core"
import type { DescribedManifest, ServedBlob, ServedManifest } from "../warehouse/readable-repository.ts"
import type { Warehouse } from "../warehouse/warehouse.ts"
import type { Absences } from "./absences.ts"
import type { AnnouncedTags } from "./announced-tags.ts"
import type { Answered, Patience } from "./ask-upstreams.ts"
import type { ClientIdentity } from "./client-identity.ts"
import type { FillRequest } from "./fills/fill-request.ts"
import type { Flights } from "./flights.ts"
import type { ListMemo } from "./list-memo.ts"
import type { Standing } from "./standing.ts"
import type { UpstreamClient } from "./upstream-client.ts"

/** What of the warehouse is read through into. */
export type ProxyWarehouse = Pick<Warehouse, "store" | "repositories" | "manifests" | "tags" | "blobs">

/** What fetches blobs. */
export interface ProxyFills {
  open(request: FillRequest, signal: AbortSignal): Promise<ServedBlob>
}

/** What all repositories of a proxy share. */
export interface ProxyParts {
  readonly warehouse: ProxyWarehouse
  readonly fills: ProxyFills
  readonly standing: Standing
  readonly absences: Absences
  readonly announced: AnnouncedTags
  readonly tagLists: ListMemo<readonly string[]>
  readonly referrerLists: ListMemo<readonly Descriptor[]>
  readonly manifestFlights: Flights<ServedManifest | undefined>
  readonly describeFlights: Flights<DescribedManifest | undefined>
  readonly sizeFlights: Flights<Answered<number> | undefined>
  readonly tagListFlights: Flights<readonly string[] | undefined>
  readonly referrerFlights: Flights<readonly Descriptor[] | undefined>
  /** How long clients are kept waiting: for what is not here, and where something old can be served. */
  readonly patience: { readonly miss: Patience; readonly stale: Patience; readonly list: Patience }
  /** The upstreams of a registry in the order in which they are asked: with a client's login only the one that it is meant for. */
  clientsOf(registry: string, identity: ClientIdentity | undefined): readonly UpstreamClient[]
  /** How long a tag of this registry is believed, milliseconds. */
  tagLifetimeMs(registry: string): number
  /** Milliseconds since 1970. */
  now(): number
}
