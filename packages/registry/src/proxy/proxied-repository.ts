import type { Descriptor, Digest } from "@entrepot/core"
import type {
  DescribedManifest,
  NamePage,
  PageRequest,
  ReadableRepository,
  ReferrerPage,
  ServedBlob,
  ServedManifest,
} from "../warehouse/readable-repository.ts"
import { AskedRepository } from "./asked-repository.ts"
import { BlobsThrough } from "./blobs-through.ts"
import type { ClientIdentity } from "./client-identity.ts"
import { ListsThrough } from "./lists-through.ts"
import { ManifestsThrough } from "./manifests-through.ts"
import type { ProxyParts } from "./proxy-parts.ts"
import type { ProxiedName } from "./resolved-name.ts"

/** A repository that is read through the upstreams of its registry. Its methods throw as `askUpstreams` says. */
export class ProxiedRepository implements ReadableRepository {
  readonly name: string
  readonly #manifests: ManifestsThrough
  readonly #blobs: BlobsThrough
  readonly #lists: ListsThrough

  constructor(parts: ProxyParts, name: ProxiedName, identity: ClientIdentity | undefined) {
    const asked = new AskedRepository(parts, name, identity)
    this.name = name.name
    this.#manifests = new ManifestsThrough(parts, asked)
    this.#blobs = new BlobsThrough(parts, asked)
    this.#lists = new ListsThrough(parts, asked)
  }

  recall(reference: string): ServedManifest | undefined {
    return this.#manifests.recall(reference)
  }

  manifest(reference: string, signal: AbortSignal): Promise<ServedManifest | undefined> {
    return this.#manifests.get(reference, signal)
  }

  describe(reference: string, signal: AbortSignal): Promise<DescribedManifest | undefined> {
    return this.#manifests.describe(reference, signal)
  }

  blob(digest: Digest, signal: AbortSignal): Promise<ServedBlob | undefined> {
    return this.#blobs.get(digest, signal)
  }

  tags(page: PageRequest, signal: AbortSignal): Promise<NamePage | undefined> {
    return this.#lists.tags(page, signal)
  }

  referrers(subject: Digest, signal: AbortSignal, page?: ReferrerPage): Promise<readonly Descriptor[]> {
    return this.#lists.referrers(subject, signal, page)
  }
}
