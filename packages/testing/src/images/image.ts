import { createHash } from "node:crypto"
import { type BlobContent, contentDigest, memoryContent } from "./blob-content.ts"
import { type Layer, layer } from "./layer.ts"

export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
}

/** image-spec, descriptor.md. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly platform?: Platform
  readonly annotations?: Readonly<Record<string, string>>
  readonly artifactType?: string
  readonly urls?: readonly string[]
}

/** A manifest or an index with every byte it refers to, its own children included. */
export interface TestImage {
  readonly manifest: Buffer
  /** Describes `manifest`; carries the platform of a single image. */
  readonly descriptor: Descriptor
  /** Config and layers by digest, those of the children too. */
  readonly blobs: ReadonlyMap<string, BlobContent>
  /** The manifests of an index, in order. */
  readonly children: readonly TestImage[]
}

export interface ImageOptions {
  /** Determines every byte. */
  readonly seed: string
  /** A ready `Layer` is taken as it is, so that images can share it. */
  readonly layers?: readonly ({ readonly sizeBytes: number; readonly compressible?: boolean } | Layer)[]
  readonly platform?: Platform
  /** Joins the image configuration, e.g. `{ config: { Cmd: ["/hello"] } }`. */
  readonly config?: Readonly<Record<string, unknown>>
  readonly mediaTypes?: "oci" | "docker"
  readonly annotations?: Readonly<Record<string, string>>
  readonly algorithm?: "sha256" | "sha512"
}

const types = {
  oci: {
    manifest: "application/vnd.oci.image.manifest.v1+json",
    index: "application/vnd.oci.image.index.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  },
  docker: {
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    index: "application/vnd.docker.distribution.manifest.list.v2+json",
    config: "application/vnd.docker.container.image.v1+json",
    layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  },
} as const

const linuxAmd64: Platform = { os: "linux", architecture: "amd64" }

/** An image that its seed determines to the byte, that engines can pull, and whose layers have exactly the wanted sizes. OCI unless told. */
export function image(options: ImageOptions): TestImage {
  const { seed, platform = linuxAmd64, mediaTypes = "oci", algorithm = "sha256" } = options
  const layers = (options.layers ?? [{ sizeBytes: 1024 }]).map((wanted, index) =>
    "content" in wanted ? wanted : layer({ seed: `${seed}/${index}`, algorithm, ...wanted }),
  )
  const config = json({
    architecture: platform.architecture,
    os: platform.os,
    ...(platform.variant ? { variant: platform.variant } : {}),
    created: "2026-01-01T00:00:00Z",
    config: { Labels: { "test.seed": seed } },
    ...options.config,
    rootfs: { type: "layers", diff_ids: layers.map((each) => each.diffId) },
    history: layers.map((_, index) => ({ created: "2026-01-01T00:00:00Z", created_by: `layer ${index}` })),
  })
  const configContent = memoryContent(config)
  const configDigest = digestOf(config, algorithm)
  const manifest = json({
    schemaVersion: 2,
    mediaType: types[mediaTypes].manifest,
    config: { mediaType: types[mediaTypes].config, digest: configDigest, size: config.length },
    layers: layers.map((each) => ({ mediaType: types[mediaTypes].layer, digest: each.digest, size: each.content.sizeBytes })),
    ...(options.annotations ? { annotations: options.annotations } : {}),
  })
  return {
    manifest,
    descriptor: {
      mediaType: types[mediaTypes].manifest,
      digest: digestOf(manifest, algorithm),
      size: manifest.length,
      platform,
    },
    blobs: new Map([[configDigest, configContent], ...layers.map((each) => [each.digest, each.content] as const)]),
    children: [],
  }
}

/** An image index (or a Docker manifest list) over these images. */
export function index(
  children: readonly TestImage[],
  options: { mediaTypes?: "oci" | "docker"; annotations?: Readonly<Record<string, string>>; subject?: TestImage } = {},
): TestImage {
  const mediaType = types[options.mediaTypes ?? "oci"].index
  const manifest = json({
    schemaVersion: 2,
    mediaType,
    manifests: children.map((child) => child.descriptor),
    ...(options.subject ? { subject: plainDescriptor(options.subject) } : {}),
    ...(options.annotations ? { annotations: options.annotations } : {}),
  })
  return {
    manifest,
    descriptor: { mediaType, digest: digestOf(manifest), size: manifest.length },
    blobs: new Map(children.flatMap((child) => [...child.blobs])),
    children,
  }
}

export interface ArtifactOptions {
  readonly artifactType: string
  /** Contents of the layers; strings and buffers are small, anything else is a content. */
  readonly blobs: readonly (string | Buffer | BlobContent)[]
  readonly blobMediaType?: string
  readonly subject?: TestImage
  readonly annotations?: Readonly<Record<string, string>>
}

/** An OCI artifact with the empty config (image-spec, manifest.md "Guidelines for Artifact Usage"), attached to a subject if one is given. */
export function artifact(options: ArtifactOptions): TestImage {
  const empty = Buffer.from("{}")
  const contents = options.blobs.map((blob) => {
    if (typeof blob === "string") return memoryContent(Buffer.from(blob))
    return Buffer.isBuffer(blob) ? memoryContent(blob) : blob
  })
  const layers = contents.map((content) => ({
    mediaType: options.blobMediaType ?? "application/octet-stream",
    digest: contentDigest(content),
    size: content.sizeBytes,
  }))
  const manifest = json({
    schemaVersion: 2,
    mediaType: types.oci.manifest,
    artifactType: options.artifactType,
    config: { mediaType: "application/vnd.oci.empty.v1+json", digest: digestOf(empty), size: empty.length },
    layers,
    ...(options.subject ? { subject: plainDescriptor(options.subject) } : {}),
    ...(options.annotations ? { annotations: options.annotations } : {}),
  })
  return {
    manifest,
    descriptor: {
      mediaType: types.oci.manifest,
      digest: digestOf(manifest),
      size: manifest.length,
      artifactType: options.artifactType,
    },
    blobs: new Map([
      [digestOf(empty), memoryContent(empty)],
      ...layers.map((each, at) => [each.digest, contents[at] as BlobContent] as const),
    ]),
    children: [],
  }
}

/** What cosign stores beside an image: an image of its own under the tag `sha256-<hex>.sig` (or `.att`, `.sbom`). */
export function cosignObject(subject: TestImage, kind: "sig" | "att" | "sbom" = "sig"): { tag: string; image: TestImage } {
  const payload = Buffer.from(JSON.stringify({ critical: { image: { "docker-manifest-digest": subject.descriptor.digest } } }))
  const config = json({ architecture: "", os: "", rootfs: { type: "layers", diff_ids: [digestOf(payload)] } })
  const manifest = json({
    schemaVersion: 2,
    mediaType: types.oci.manifest,
    config: { mediaType: types.oci.config, digest: digestOf(config), size: config.length },
    layers: [
      {
        mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
        digest: digestOf(payload),
        size: payload.length,
        annotations: { "dev.cosignproject.cosign/signature": "c2lnbmF0dXJl" },
      },
    ],
  })
  return {
    tag: `${subject.descriptor.digest.replace(":", "-")}.${kind}`,
    image: {
      manifest,
      descriptor: { mediaType: types.oci.manifest, digest: digestOf(manifest), size: manifest.length },
      blobs: new Map([
        [digestOf(config), memoryContent(config)],
        [digestOf(payload), memoryContent(payload)],
      ]),
      children: [],
    },
  }
}

/** An image around a manifest written by hand, for shapes that the makers above refuse to make. */
export function rawImage(
  manifest: Buffer,
  mediaType: string,
  blobs: ReadonlyMap<string, BlobContent> = new Map(),
  children: readonly TestImage[] = [],
): TestImage {
  return { manifest, descriptor: { mediaType, digest: digestOf(manifest), size: manifest.length }, blobs, children }
}

export function digestOf(bytes: Buffer, algorithm: "sha256" | "sha512" = "sha256"): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`
}

function plainDescriptor(of: TestImage): Descriptor {
  const { mediaType, digest, size } = of.descriptor
  return { mediaType, digest, size }
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value, null, 2))
}
