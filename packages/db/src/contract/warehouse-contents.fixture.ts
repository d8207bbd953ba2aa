import { digestOf } from "@entrepot/core"
import type { Database, ManifestReference, PutManifest } from "../stores.ts"

/** A manifest, and what it names, before it is put into a repository. */
export type TestManifest = Pick<PutManifest, "manifest" | "bytes" | "references">

/** The digest of a text. */
export function digestFor(text: string): string {
  return digestOf(Buffer.from(text))
}

/** An image of that name with a config, layers, and layers that are elsewhere; the store reads none of its bytes. */
export function imageOf(
  name: string,
  options: {
    readonly layers?: readonly string[]
    readonly foreign?: readonly string[]
    readonly subject?: string
    readonly artifactType?: string
    readonly annotations?: Readonly<Record<string, string>>
  } = {},
): TestManifest {
  const { layers = [`layer of ${name}`], foreign = [], subject = null, artifactType = null, annotations = null } = options
  const references = [
    ...[`config of ${name}`, ...layers].map((text) => reference("blob", text)),
    ...foreign.map((text) => reference("foreign", text)),
  ]
  return manifestOf(name, references, { subject, artifactType, annotations })
}

/** An index of that name over these. */
export function indexOf(name: string, children: readonly TestManifest[]): TestManifest {
  const references = children.map(({ manifest: { digest, sizeBytes } }) => ({ digest, sizeBytes, kind: "manifest" }) as const)
  return manifestOf(name, references, { subject: null, artifactType: null, annotations: null })
}

/** Adds the blobs to the repository, then the manifest, as a push does. */
export async function pushed(
  { warehouse }: Database,
  repositoryId: number,
  image: TestManifest,
  tag?: string,
  at = 1,
): Promise<void> {
  for (const { digest, sizeBytes, kind } of image.references) {
    if (kind === "blob") await warehouse.addBlob({ digest, sizeBytes, repositoryId }, at)
  }
  const { missing } = await warehouse.putManifest({ repositoryId, ...image, tag, complete: true }, at)
  if (missing.length > 0) throw new Error(`missing: ${JSON.stringify(missing)}`)
}

function reference(kind: "blob" | "foreign", text: string): ManifestReference {
  return { kind, digest: digestFor(text), sizeBytes: text.length }
}

function manifestOf(
  name: string,
  references: readonly ManifestReference[],
  rest: Pick<PutManifest["manifest"], "subject" | "artifactType" | "annotations">,
): TestManifest {
  const bytes = Buffer.from(`manifest of ${name}`)
  const mediaType = "application/vnd.oci.image.manifest.v1+json"
  return { manifest: { digest: digestOf(bytes), mediaType, sizeBytes: bytes.length, ...rest }, bytes, references }
}
