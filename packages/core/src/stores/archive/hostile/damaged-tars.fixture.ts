import { longNameEntry, paxEntry, tarEntry, tarOf } from "../tar.fixture.ts"
import { base256, config, docker, type HostileArchive, layer, layersNamed, manifest } from "./hostile-archive.fixture.ts"

/** Sizes that lie: negative, huge, no numbers, overridden. */
export const hostileSizes: readonly HostileArchive[] = [
  docker(
    "a size beyond the file",
    "archive_invalid",
    tarOf(config, { ...layer, sizeField: "77777777777\0" }, manifest),
    /cut off: it says 8589934591 bytes/,
  ),
  docker(
    "a negative binary size",
    "archive_invalid",
    tarOf(config, { ...layer, sizeField: base256(0xff, [0xff, 0x00]) }),
    /negative number/,
  ),
  docker(
    "a binary size of 2^62",
    "archive_invalid",
    tarOf(config, { ...layer, sizeField: base256(0x80, [0x40, 0, 0, 0, 0, 0, 0, 0]) }),
    /number that is too large/,
  ),
  docker(
    "a binary size beyond the file",
    "archive_invalid",
    tarOf(config, { ...layer, sizeField: base256(0x80, [1, 0, 0, 0, 0]) }),
    /cut off/,
  ),
  docker(
    "a size with a sign",
    "archive_invalid",
    tarOf(config, { ...layer, sizeField: "-0000000001\0" }),
    /field that is no number/,
  ),
  docker(
    "a size that is not octal",
    "archive_invalid",
    tarOf(config, { ...layer, sizeField: "00000000999\0" }),
    /field that is no number/,
  ),
  docker(
    "a size in exponent form",
    "archive_invalid",
    tarOf(config, { ...layer, sizeField: "1e3\0" }),
    /field that is no number/,
  ),
  docker("a negative pax size", "archive_invalid", layersNamed(layer.name, paxEntry({ size: "-512" }), layer), /no byte count/),
  docker(
    "a pax size that is no number",
    "archive_invalid",
    layersNamed(layer.name, paxEntry({ size: "0x10" }), layer),
    /no byte count/,
  ),
  docker(
    "a pax size beyond the file",
    "archive_invalid",
    layersNamed(layer.name, paxEntry({ size: "999999999999" }), layer),
    /cut off/,
  ),
  docker(
    "a pax size beyond 2^53",
    "archive_invalid",
    layersNamed(layer.name, paxEntry({ size: "9999999999999999" }), layer),
    /no byte count/,
  ),
  docker(
    "a pax size that makes a header of data",
    "archive_invalid",
    layersNamed(layer.name, paxEntry({ size: "0" }), layer),
    /no manifest\.json/,
  ),
]

/** Cut off, changed, or no tar at all. */
export const damagedTars: readonly HostileArchive[] = [
  docker("an empty file", "archive_invalid", Buffer.alloc(0), /is not a tar archive/),
  docker("100 bytes", "archive_invalid", Buffer.alloc(100, "x"), /is not a tar archive/),
  docker("text", "archive_invalid", Buffer.alloc(2000, "no tar "), /is not a tar archive/),
  docker("nothing but zeros", "archive_invalid", Buffer.alloc(10_240), /no manifest\.json/),
  docker(
    "a tar cut off inside a header",
    "archive_invalid",
    tarOf(config, layer, manifest).subarray(0, 1024 + 300),
    /is cut off/,
  ),
  docker(
    "a tar cut off inside a file",
    "archive_invalid",
    tarOf(config, layer, manifest).subarray(0, 1024 + 512 + 100),
    /is cut off/,
  ),
  docker("a tar without its end", "harmless", tarOf(config, layer, manifest).subarray(0, -1024)),
  docker(
    "a header with a changed byte",
    "archive_invalid",
    tarOf(config, { ...layer, spoil: (block) => block.write("z", 0) }, manifest),
    /wrong checksum/,
  ),
  docker(
    "a second image behind the end",
    "harmless",
    Buffer.concat([tarOf(config, layer, manifest), tarOf({ name: "manifest.json", data: "evil" })]),
  ),
]

const emptyEntry = tarEntry({ name: "x" })

/** Names and pax records that lie about the entries after them. */
export const hostileNames: readonly HostileArchive[] = [
  ...[
    "0 path=x\n",
    "99 path=x\n",
    "9 path=xx",
    "path=x\n",
    "12345678901234 path=x\n",
    "8 pathx\n",
    " 9 path=x\n",
    "-9 path=x\n",
  ].map((data) =>
    docker(
      `the pax record ${JSON.stringify(data)}`,
      "archive_invalid",
      layersNamed(layer.name, tarEntry({ name: "p", type: "x", data }), layer),
      /malformed pax record/,
    ),
  ),
  docker("a NUL byte in a pax path", "archive_invalid", layersNamed(layer.name, paxEntry({ path: "a\0b" }), layer), /NUL byte/),
  docker(
    "a pax header for all entries that renames them",
    "archive_invalid",
    tarOf(paxEntry({ path: "x" }, "g"), config, layer, manifest),
    /is not a tar archive/,
  ),
  docker(
    "a pax header for all entries, behind the first, that resizes them",
    "archive_invalid",
    tarOf(config, paxEntry({ size: "1" }, "g"), layer, manifest),
    /all entries at once/,
  ),
  docker(
    "a pax header for all entries with a comment",
    "harmless",
    tarOf(paxEntry({ comment: "made by git" }, "g"), config, layer, manifest),
  ),
  docker(
    "a pax path that becomes manifest.json",
    "archive_invalid",
    tarOf(config, layer, manifest, paxEntry({ path: "manifest.json" }), { name: "readme", data: "[1]" }),
    /image that is no object/,
  ),
  docker("a pax path without an entry", "harmless", tarOf(config, layer, manifest, paxEntry({ path: "x" }))),
  docker(
    "2 MiB of pax records",
    "archive_invalid",
    tarOf(config, tarEntry({ name: "p", type: "x", data: Buffer.alloc(2 << 20, "1") }), layer),
    /2097152 bytes of names/,
  ),
  docker("a name of 2 MiB", "archive_invalid", tarOf(config, longNameEntry("a".repeat(2 << 20)), layer), /bytes of names/),
  docker(
    "a name of 5,000 characters",
    "archive_invalid",
    tarOf(config, longNameEntry("a/".repeat(2500)), layer),
    /name that is too long/,
  ),
  docker("100,001 entries", "archive_invalid", tarOf(...Array.from({ length: 100_001 }, () => emptyEntry)), /100000 entries/),
]
