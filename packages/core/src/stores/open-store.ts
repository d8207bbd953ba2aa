import type { SourceStore, TargetStore } from "../content/store.ts"
import { TransferError } from "../errors/transfer-error.ts"
import { type Reference, referenceTarget, registryHost } from "../reference/index.ts"
import { openCache } from "./cache/cache-store.ts"
import { chooseLayoutEntry } from "./choose-layout-entry.ts"
import type { DockerSocketOptions } from "./docker-daemon/docker-client.ts"
import { formatLocation, type Location } from "./location.ts"
import { openOciLayout } from "./oci-layout/oci-layout-store.ts"
import { openRemote, type RemoteOptions } from "./remote/remote-store.ts"

/** What opening a place takes. */
export interface StoreContext extends Pick<RemoteOptions, "http" | "uploads"> {
  /** Root of the local cache. */
  readonly cacheDirectory: string
  /** Where compressed archives are unpacked to, and what Docker sends is kept meanwhile. Default: the system's. */
  readonly temporaryDirectory?: string
  readonly docker?: DockerSocketOptions
  readonly signal?: AbortSignal | undefined
}

/** A place and what to read there, or to write: a tag or a digest. */
export interface Opened<Store> {
  readonly store: Store
  readonly reference: string
}

/**
 * Opens a place to read from. Where the location names no image and the place has only one, that is the one.
 * @throws TransferError `not_found`, `usage` when there are several images, `archive_invalid`, `docker_unavailable`, `local_io`. Registries are
 * not asked yet.
 */
export async function openSource(location: Location, context: StoreContext): Promise<Opened<SourceStore>> {
  switch (location.transport) {
    case "docker":
      return { store: openRegistry(location.reference, context, "source"), reference: referenceTarget(location.reference) }
    case "cache":
      return { store: await openCache(context.cacheDirectory, location.repository), reference: location.reference }
    case "oci": {
      const store = await openOciLayout(location.path)
      return { store, reference: location.reference ?? chooseLayoutEntry(await store.listEntries(), store.display) }
    }
    default:
      throw new TransferError("unsupported", `reading from ${formatLocation(location)} is not possible`)
  }
}

/**
 * Opens a place to write to; directories are made where they are missing.
 * @throws TransferError as `openSource`.
 */
export async function openTarget(location: Location, context: StoreContext): Promise<Opened<TargetStore>> {
  switch (location.transport) {
    case "docker":
      return {
        store: openRegistry(location.reference, context, "target"),
        reference: location.reference.tag ?? referenceTarget(location.reference),
      }
    case "cache": {
      const store = await openCache(context.cacheDirectory, location.repository, { write: true, signal: context.signal })
      return { store, reference: location.reference }
    }
    case "oci":
      return { store: await openOciLayout(location.path, { create: true }), reference: location.reference ?? "latest" }
    default:
      throw new TransferError("unsupported", `writing to ${formatLocation(location)} is not possible`)
  }
}

function openRegistry(reference: Reference, context: StoreContext, side: "source" | "target") {
  const { http, uploads } = context
  return openRemote({ host: registryHost(reference), repository: reference.repository, http, uploads, side })
}
