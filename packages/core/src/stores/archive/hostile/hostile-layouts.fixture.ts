import { digestOf } from "../../../content/digest.ts"
import { mediaTypes } from "../../../content/media-types.ts"
import { sha256 } from "../../docker-archive/docker-save.fixture.ts"
import { type EntryRecipe, tarOf } from "../tar.fixture.ts"
import type { HostileArchive } from "./hostile-archive.fixture.ts"

const ociConfig = Buffer.from('{"os":"linux","architecture":"amd64"}')
const ociLayer = Buffer.from("layer")
const describeBlob = (mediaType: string, bytes: Buffer) => ({ mediaType, digest: digestOf(bytes), size: bytes.length })
const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const blobEntry = (data: Buffer, named = data): EntryRecipe => ({ name: `blobs/sha256/${sha256(named)}`, data })
const versionEntry: EntryRecipe = { name: "oci-layout", data: '{"imageLayoutVersion":"1.0.0"}' }
const ociManifest = (layer: object = describeBlob(mediaTypes.ociLayerTar, ociLayer)) =>
  json({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: describeBlob(mediaTypes.ociConfig, ociConfig),
    layers: [layer],
  })
const indexEntry = (...manifests: readonly object[]): EntryRecipe => ({
  name: "index.json",
  data: json({ schemaVersion: 2, manifests }),
})
const tagged = (bytes: Buffer, replaced: object = {}) => ({ ...describeBlob(mediaTypes.ociManifest, bytes), ...replaced })
const layout = (root: Buffer, ...entries: readonly EntryRecipe[]) =>
  tarOf(versionEntry, indexEntry(tagged(root)), blobEntry(root), blobEntry(ociConfig), blobEntry(ociLayer), ...entries)
const secretDigest = "sha256:../../../../../../../../secret"

function oci(name: string, outcome: HostileArchive["outcome"], bytes: Buffer, says?: RegExp): HostileArchive {
  return { name, transport: "oci-archive", outcome, bytes, ...(says && { says }) }
}

/** OCI archives whose layout lies. */
export const hostileLayouts: readonly HostileArchive[] = [
  oci("nothing wrong", "harmless", layout(ociManifest())),
  oci("no oci-layout", "not_found", tarOf(indexEntry()), /it has no oci-layout file/),
  oci(
    "another layout version",
    "archive_invalid",
    tarOf({ ...versionEntry, data: '{"imageLayoutVersion":"2.0"}' }, indexEntry()),
    /no version that is known/,
  ),
  oci(
    "an oci-layout of 1 MiB",
    "too_large",
    tarOf({ ...versionEntry, data: Buffer.alloc(1 << 20) }, indexEntry()),
    /1048576 bytes/,
  ),
  oci("no index.json", "archive_invalid", tarOf(versionEntry), /has no index\.json/),
  oci("an index.json that is not JSON", "archive_invalid", tarOf(versionEntry, { name: "index.json", data: "{" }), /is not JSON/),
  oci(
    "an index.json without manifests",
    "archive_invalid",
    tarOf(versionEntry, { name: "index.json", data: "{}" }),
    /no list of manifests/,
  ),
  oci(
    "an index.json of 17 MiB",
    "too_large",
    tarOf(versionEntry, { name: "index.json", data: Buffer.alloc(17 << 20) }),
    /17825792 bytes/,
  ),
  oci("an index.json without images", "not_found", tarOf(versionEntry, indexEntry()), /has no image/),
  oci(
    "a digest that is a path in index.json",
    "archive_invalid",
    tarOf(versionEntry, indexEntry(tagged(ociManifest(), { digest: secretDigest }))),
    /entry that is no descriptor/,
  ),
  oci(
    "a digest that is a path in the manifest",
    "protocol",
    layout(ociManifest({ mediaType: mediaTypes.ociLayerTar, digest: secretDigest, size: 5 })),
    /digest cannot be verified/,
  ),
  oci(
    "a negative size",
    "protocol",
    layout(ociManifest({ ...describeBlob(mediaTypes.ociLayerTar, ociLayer), size: -5 })),
    /size is no byte count/,
  ),
  oci(
    "a manifest under a digest that is not its own",
    "digest_mismatch",
    tarOf(versionEntry, indexEntry(tagged(ociConfig)), blobEntry(ociManifest(), ociConfig)),
    /hashes to/,
  ),
  oci(
    "a layer under a digest that is not its own",
    "digest_mismatch",
    tarOf(
      versionEntry,
      indexEntry(tagged(ociManifest())),
      blobEntry(ociManifest()),
      blobEntry(ociConfig),
      blobEntry(Buffer.from("LAYER"), ociLayer),
    ),
  ),
  oci(
    "a layer that is longer than its size",
    "digest_mismatch",
    layout(ociManifest({ ...describeBlob(mediaTypes.ociLayerTar, ociLayer), size: 4 })),
    /has 5 bytes .*, its manifest says 4/,
  ),
  oci(
    "a layer that is not there",
    "not_found",
    layout(ociManifest(describeBlob(mediaTypes.ociLayerTar, Buffer.from("other")))),
    /^blob sha256:\w+ is not in /,
  ),
  oci(
    "a manifest that is not there",
    "not_found",
    tarOf(versionEntry, indexEntry(tagged(ociManifest()))),
    /has no manifest sha256:/,
  ),
  oci(
    "an index and an image at once",
    "protocol",
    layout(json({ schemaVersion: 2, mediaType: mediaTypes.ociManifest, manifests: [], layers: [], config: {} })),
    /an index and an image at once/,
  ),
  oci(
    "a media type other than the index's",
    "protocol",
    tarOf(versionEntry, indexEntry(tagged(ociManifest(), { mediaType: mediaTypes.ociIndex })), blobEntry(ociManifest())),
    /calls itself/,
  ),
  oci(
    "a blob that is a link to outside",
    "not_found",
    layout(ociManifest(describeBlob(mediaTypes.ociLayerTar, Buffer.from("other"))), {
      name: `blobs/sha256/${sha256("other")}`,
      type: "2",
      linkName: "/secret",
    }),
  ),
  oci("a manifest of 5 MiB", "too_large", layout(Buffer.concat([ociManifest(), Buffer.alloc(5 << 20, " ")]))),
]
