import { createHash, randomBytes } from "node:crypto"
import { gzipSync } from "node:zlib"
import { type Descriptor, mediaTypes } from "@entrepot/core"

/** A manifest to be pushed as it is. */
export interface DataManifest {
  readonly descriptor: Descriptor
  readonly bytes: Buffer
  /** Digest of its OCI `subject`. */
  readonly subject?: string
}

/** What a list of referrers has to say of a manifest. */
export interface ExpectedReferrer {
  readonly subject: string
  readonly descriptor: Descriptor
}

/** Something that a registry has to take, keep, list, give back and delete. */
export class DataSet {
  readonly name: string
  readonly algorithm: "sha256" | "sha512"
  readonly blobs = new Map<string, Buffer>()
  /** In the order in which they can be pushed. */
  readonly manifests: DataManifest[] = []
  readonly tags = new Map<string, string>()
  readonly referrers: ExpectedReferrer[] = []
  /** Tags are given with the push by digest. */
  readonly tagsByParameter: boolean

  constructor(name: string, options: { readonly algorithm?: "sha256" | "sha512"; readonly tagsByParameter?: boolean } = {}) {
    this.name = name
    this.algorithm = options.algorithm ?? "sha256"
    this.tagsByParameter = options.tagsByParameter ?? false
  }

  blob(bytes: Buffer, mediaType: string): Descriptor {
    const digest = this.#digestOf(bytes)
    this.blobs.set(digest, bytes)
    return { mediaType, digest, size: bytes.length }
  }

  layer(mediaType: string = mediaTypes.ociLayerGzip): Descriptor {
    const bytes = randomBytes(700)
    return this.blob(mediaType.endsWith("+gzip") ? gzipSync(bytes) : bytes, mediaType)
  }

  config(fields: Readonly<Record<string, unknown>> = {}): Descriptor {
    const config = {
      architecture: "amd64",
      os: "linux",
      author: randomBytes(8).toString("hex"),
      rootfs: { type: "layers", diff_ids: [] },
    }
    return this.blob(Buffer.from(JSON.stringify({ ...config, ...fields })), mediaTypes.ociConfig)
  }

  /** An image manifest; two layers and a config where nothing else is said. */
  image(fields: Readonly<Record<string, unknown>> = {}, tag?: string): Descriptor {
    const config = fields.config ?? this.config()
    const layers = fields.layers ?? [this.layer(), this.layer()]
    return this.#manifest(mediaTypes.ociManifest, { ...fields, config, layers }, tag)
  }

  /** An artifact: an image manifest with an empty config and a type of its own. */
  artifact(fields: Readonly<Record<string, unknown>> = {}, tag?: string): Descriptor {
    const config = this.blob(Buffer.from("{}"), mediaTypes.ociEmpty)
    const layers = fields.layers ?? [this.layer(exampleTypes.first)]
    return this.image({ artifactType: exampleTypes.first, ...fields, config, layers }, tag)
  }

  index(manifests: readonly Descriptor[], fields: Readonly<Record<string, unknown>> = {}, tag?: string): Descriptor {
    return this.#manifest(mediaTypes.ociIndex, { ...fields, manifests }, tag)
  }

  #manifest(mediaType: string, fields: Readonly<Record<string, unknown>>, tag: string | undefined): Descriptor {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...fields }))
    const descriptor = { mediaType, digest: this.#digestOf(bytes), size: bytes.length }
    const subject = (fields.subject as Descriptor | undefined)?.digest
    this.manifests.push({ descriptor, bytes, ...(subject === undefined ? {} : { subject }) })
    if (tag !== undefined) this.tags.set(tag, descriptor.digest)
    if (subject !== undefined) {
      const artifactType = (fields.artifactType ?? (fields.config as Descriptor | undefined)?.mediaType) as string | undefined
      const annotations = fields.annotations as Record<string, string> | undefined
      const described = {
        ...descriptor,
        ...(artifactType === undefined ? {} : { artifactType }),
        ...(annotations ? { annotations } : {}),
      }
      this.referrers.push({ subject, descriptor: described })
    }
    return descriptor
  }

  #digestOf(bytes: Buffer): string {
    return digestOf(bytes, this.algorithm)
  }
}

/** Types that nobody has heard of. */
const exampleTypes = { first: "application/vnd.example.entrepot.first", second: "application/vnd.example.entrepot.second" }

const onPlatforms = (set: DataSet): Descriptor[] =>
  ["amd64", "arm64"].map((architecture) => ({ ...set.image(), platform: { os: "linux", architecture } }))

const nonDistributable = "application/vnd.oci.image.layer.nondistributable.v1.tar"

const makers: readonly ((set: (name: string, options?: ConstructorParameters<typeof DataSet>[1]) => DataSet) => void)[] = [
  (set) => set("an image").image({}, "image"),
  (set) => {
    const data = set("an image with uncompressed layers")
    data.image({ layers: [data.layer(mediaTypes.ociLayerTar), data.layer(mediaTypes.ociLayerTar)] }, "uncompressed")
  },
  (set) => {
    const annotations = Object.fromEntries(Array.from({ length: 390 }, (_, number) => [`large-${number}`, "A".repeat(10_000)]))
    set("a manifest of almost 4 MiB").image({ annotations }, "large")
  },
  (set) => {
    const data = set("an index")
    data.index(onPlatforms(data), {}, "index")
  },
  (set) => {
    const data = set("an index of indexes")
    data.index([data.index(onPlatforms(data)), data.index(onPlatforms(data))], {}, "nested")
  },
  (set) => set("an index of nothing").index([], {}, "empty"),
  (set) => set("an artifact").artifact({}, "artifact"),
  (set) => {
    const data = set("an index of artifacts")
    data.index(
      [data.artifact(), data.artifact({ artifactType: exampleTypes.second })],
      { artifactType: exampleTypes.first },
      "artifacts",
    )
  },
  (set) => {
    const data = set("an artifact whose layer is the empty one")
    data.artifact({ layers: [data.blob(Buffer.from("{}"), mediaTypes.ociEmpty)] }, "no-content")
  },
  (set) => {
    const data = set("an image with an empty blob")
    data.image({ layers: [data.blob(Buffer.alloc(0), mediaTypes.ociLayerTar)] }, "empty-blob")
  },
  (set) => {
    const data = set("artifacts of a subject")
    const subject = data.image({}, "subject")
    data.image({ subject })
    data.artifact({ subject, annotations: { "org.example.key": "first" } }, "first")
    data.artifact({ subject, artifactType: exampleTypes.second, annotations: { "org.example.key": "second" } }, "second")
  },
  (set) => {
    const data = set("an index with a subject")
    const subject = data.index(onPlatforms(data), {}, "index")
    const fields = { subject, artifactType: exampleTypes.first, annotations: { "org.example.key": "index" } }
    data.index([data.artifact(), data.artifact()], fields, "tagged")
  },
  (set) => {
    const subject = { mediaType: mediaTypes.ociManifest, digest: digestOf(randomBytes(20)), size: 123 }
    set("an artifact whose subject is not there").artifact({ subject, annotations: { "org.example.key": "missing" } }, "missing")
  },
  (set) => {
    const data = set("descriptors with data")
    const withData = (descriptor: Descriptor) => ({ ...descriptor, data: data.blobs.get(descriptor.digest)?.toString("base64") })
    data.image({ config: withData(data.config()), layers: [withData(data.layer())] }, "data")
  },
  (set) => {
    const data = set("layers that may not be distributed")
    const foreign = ["", "+gzip"].map((suffix) => {
      const digest = digestOf(randomBytes(20))
      return { mediaType: `${nonDistributable}${suffix}`, digest, size: 12_345, urls: [`https://store.example.com/${digest}`] }
    })
    data.image({ layers: [...foreign, data.layer()] }, "foreign")
  },
  (set) => {
    const data = set("fields that no specification knows")
    const custom = { "org.example.custom": randomBytes(8).toString("hex") }
    const config = data.config(custom)
    data.index([{ ...data.image({ config, ...custom }), ...custom } as Descriptor], custom, "custom")
  },
  (set) => set("an image without layers").image({ layers: [] }, "no-layers"),
  (set) => {
    const data = set("sha512 throughout", { algorithm: "sha512" })
    data.index(onPlatforms(data))
  },
  ...(["sha256", "sha512"] as const).map(
    (algorithm) => (set: (name: string, options?: ConstructorParameters<typeof DataSet>[1]) => DataSet) => {
      const data = set(`tags that are given as parameters, ${algorithm}`, { algorithm, tagsByParameter: true })
      const { digest } = data.index(onPlatforms(data), {}, `parameter-${algorithm}`)
      data.tags.set(`parameter-${algorithm}-again`, digest)
    },
  ),
]

/** All of them, new with every call. */
export function conformanceData(): readonly DataSet[] {
  const sets: DataSet[] = []
  for (const make of makers) {
    make((name, options) => {
      const set = new DataSet(name, options)
      sets.push(set)
      return set
    })
  }
  return sets
}

export function digestOf(bytes: Uint8Array, algorithm: "sha256" | "sha512" = "sha256"): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`
}
