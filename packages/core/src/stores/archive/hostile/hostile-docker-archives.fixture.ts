import { randomBytes } from "node:crypto"
import { gzipSync } from "node:zlib"
import { savedManifest } from "../../docker-archive/docker-save.fixture.ts"
import { tarEntry, tarOf } from "../tar.fixture.ts"
import { config, docker, type HostileArchive, image, layer, manifest, withManifest } from "./hostile-archive.fixture.ts"

/** A manifest.json, config or layer that is not what it should be. */
export const hostileManifests: readonly HostileArchive[] = [
  ...[
    "{",
    "",
    "{}",
    "null",
    "[null]",
    "[[]]",
    "[{}]",
    '[{"Config":1,"Layers":[]}]',
    '[{"Config":"a","Layers":"b"}]',
    '[{"Config":"a","Layers":[1]}]',
  ].map((data) =>
    docker(`the manifest.json ${JSON.stringify(data)}`, "archive_invalid", withManifest(data), /^manifest\.json of /),
  ),
  docker(
    "names that are no list",
    "archive_invalid",
    tarOf(config, layer, savedManifest([image], { RepoTags: "app:1" })),
    /names of image 0 that are no list/,
  ),
  docker(
    "names that are no names",
    "harmless",
    tarOf(config, layer, savedManifest([image], { RepoTags: ["../../etc", "\u001b[31m", "A:B:C"] })),
  ),
  docker("an empty list of images", "not_found", withManifest("[]"), /has no image/),
  docker(
    "1,001 images",
    "archive_invalid",
    withManifest(JSON.stringify(Array.from({ length: 1001 }, () => ({ Config: "a", Layers: [] })))),
    /1001 images/,
  ),
  docker(
    "1,001 layers",
    "archive_invalid",
    tarOf(config, layer, savedManifest([image], { Layers: Array.from({ length: 1001 }, () => layer.name) })),
    /no list of layers/,
  ),
  docker(
    "a manifest.json of 100 MiB",
    "too_large",
    tarEntry({ name: "manifest.json", sizeField: "00620000000\0" }),
    /has 104857600 bytes/,
    512 + 104_857_600,
  ),
  docker("a manifest.json nested 200,000 deep", "archive_invalid", withManifest("[".repeat(200_000)), /is not JSON/),
  docker(
    "a manifest.json with __proto__",
    "archive_invalid",
    withManifest('[{"__proto__":{"Config":"a","Layers":[]}}]'),
    /no config for image 0/,
  ),
  docker(
    "a second manifest.json, the last one counts",
    "harmless",
    tarOf(config, layer, { name: "manifest.json", data: "evil" }, manifest),
  ),
  docker(
    "a second manifest.json that is evil",
    "archive_invalid",
    tarOf(config, layer, manifest, { name: "./manifest.json", data: "evil" }),
    /is not JSON/,
  ),
  docker(
    "a config that is not JSON",
    "archive_invalid",
    tarOf({ ...config, data: "{" }, layer, manifest),
    /config of image 0 .* is not JSON/,
  ),
  docker("a config of 9 MiB", "too_large", tarOf({ ...config, data: Buffer.alloc(9 << 20) }, layer, manifest), /9437184 bytes/),
  docker(
    "a layer that the config does not name",
    "archive_invalid",
    tarOf(config, { ...layer, data: "evil" }, manifest),
    /layer 0 of image 0 .* is not the one that its config names/,
  ),
  docker(
    "fewer layers than the config names",
    "archive_invalid",
    tarOf(config, layer, savedManifest([image], { Layers: [] })),
    /has 0 layers, its config names 1/,
  ),
  docker(
    "a zstd layer",
    "unsupported",
    tarOf(config, { ...layer, data: Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]) }, manifest),
    /compressed by zstd/,
  ),
]

// Two of these do not fit into the window of gzip.
const incompressible = randomBytes(1 << 20)
const packed = gzipSync(tarOf(config, layer, manifest))
/** Bombs, broken gzip, and other compressions. */
export const hostileCompressions: readonly HostileArchive[] = [
  docker("a gzip bomb", "too_large", gzipSync(Buffer.alloc(40 << 20)), /unpacks to more than 200 times its size/),
  docker(
    "more than may be kept",
    "too_large",
    gzipSync(tarOf(...Array.from({ length: 10 }, (_, i) => ({ name: `r${i}`, data: incompressible }))), { level: 1 }),
    /more than 8388608 bytes/,
  ),
  docker("gzip that is cut off", "archive_invalid", packed.subarray(0, packed.length / 2), /gzip data cannot be unpacked/),
  docker(
    "gzip with a wrong checksum",
    "archive_invalid",
    Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8, 1)]),
    /gzip data cannot be unpacked/,
  ),
  docker("gzip in gzip", "archive_invalid", gzipSync(packed), /is not a tar archive/),
  docker("a gzip header alone", "archive_invalid", Buffer.from([0x1f, 0x8b, 8, 0]), /gzip data cannot be unpacked/),
  docker("zstd", "unsupported", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]), /compressed by zstd, which is not read here/),
  docker("xz", "unsupported", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), /compressed by xz/),
  docker("bzip2", "unsupported", Buffer.from("BZh91AY"), /compressed by bzip2/),
]
