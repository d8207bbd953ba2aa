import type { SourceStore, TargetStore } from "../content/store.ts"
import { TransferError } from "../errors/transfer-error.ts"
import { type Reference, referenceTarget, registryHost } from "../reference/index.ts"
import { openCache } from "./cache/cache-store.ts"
import { findCached } from "./cache/find-cached.ts"
import { chooseLayoutEntry } from "./choose-layout-entry.ts"
import { chooseImage } from "./docker-archive/choose-image.ts"
import { openDockerArchive } from "./docker-archive/docker-archive-source.ts"
import { createDockerArchive } from "./docker-archive/docker-archive-target.ts"
import type { DockerSocketOptions } from "./docker-daemon/docker-client.ts"
import { formatLocation, type Location } from "./location.ts"
import { openOciArchive } from "./oci-archive/oci-archive-source.ts"
import { createOciArchive } from "./oci-archive/oci-archive-target.ts"
import { openOciLayout } from "./oci-layout/oci-layout-store.ts"
import { openRemote, type RemoteOptions } from "./remote/remote-store.ts"

/** What opening a place takes. */
export interface StoreContext extends Pick<RemoteOptions, "http" | "uploads" | "upload"> {
  /** Root of the local cache. */
  readonly cacheDirectory: string
  /** Where compressed archives are unpacked to, and what Docker sends is kept meanwhile. Default: the system's. */
  readonly temporaryDirectory?: string
  readonly docker?: DockerSocketOptions
  /** A registry of this very process, which is written to without HTTP. Undefined: the reference is somebody else's. */
  readonly openOwn?: (reference: Reference) => Promise<TargetStore | undefined>
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
    case "cache": {
      const { repository, reference } = await findCached(context.cacheDirectory, location)
      return { store: await openCache(context.cacheDirectory, repository), reference }
    }
    case "oci": {
      const store = await openOciLayout(location.path)
      return chosen(store, async () => location.reference ?? chooseLayoutEntry(await store.listEntries(), store.display))
    }
    case "oci-archive": {
      const store = await openOciArchive(location.path, context)
      return chosen(store, async () => location.reference ?? chooseLayoutEntry(await store.listEntries(), store.display))
    }
    case "docker-archive": {
      const store = await openDockerArchive(location.path, context)
      return chosen(store, async () => `@${chooseImage(store.images, location.reference, store.display).index}`)
    }
    case "docker-daemon": {
      const { openDockerDaemon } = await import("./docker-daemon/docker-daemon-source.ts")
      return { store: await openDockerDaemon(location.reference, context.docker, context), reference: "@0" }
    }
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
        store: (await context.openOwn?.(location.reference)) ?? openRegistry(location.reference, context, "target"),
        reference: location.reference.tag ?? referenceTarget(location.reference),
      }
    case "cache": {
      const store = await openCache(context.cacheDirectory, location.repository, { write: true, signal: context.signal })
      return { store, reference: location.reference }
    }
    case "oci":
      return { store: await openOciLayout(location.path, { create: true }), reference: location.reference ?? "latest" }
    case "oci-archive":
      return { store: await createOciArchive(location.path), reference: location.reference ?? "latest" }
    case "docker-archive": {
      const { path, reference: name } = location
      if (typeof name === "number") {
        throw new TransferError("usage", `${formatLocation(location)} cannot be written to: @${name} is a place to read`, {
          hint: `write docker-archive:${path}:nginx:latest`,
        })
      }
      return { store: await createDockerArchive(path, name), reference: name?.tag ?? "latest" }
    }
    case "docker-daemon": {
      const { createDockerDaemonTarget } = await import("./docker-daemon/docker-daemon-target.ts")
      const store = await createDockerDaemonTarget(location.reference, context.docker, context.temporaryDirectory)
      return { store, reference: location.reference.tag ?? "latest" }
    }
  }
}

/** A store with its image chosen; closed again when that fails. */
async function chosen<Store extends SourceStore>(store: Store, choose: () => Promise<string>): Promise<Opened<Store>> {
  try {
    return { store, reference: await choose() }
  } catch (error) {
    await store.close()
    throw error
  }
}

function openRegistry(reference: Reference, context: StoreContext, side: "source" | "target") {
  const { http, uploads, upload } = context
  return openRemote({ host: registryHost(reference), repository: reference.repository, http, uploads, upload, side })
}
