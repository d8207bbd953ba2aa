import { savedManifest } from "../../docker-archive/docker-save.fixture.ts"
import { longNameEntry, paxEntry, tarOf } from "../tar.fixture.ts"
import {
  config,
  docker,
  type HostileArchive,
  image,
  layer,
  layersNamed,
  manifest,
  namesNothing,
} from "./hostile-archive.fixture.ts"

/** Names that lead outside. */
export const traversals: readonly HostileArchive[] = [
  ...["../../secret", "/secret", "a/../../secret", "..", ".", "", "a\0b", "./../secret", "a/../layer"].map((name) =>
    docker(
      `a layer named ${JSON.stringify(name)}`,
      "archive_invalid",
      layersNamed(name, { name, data: layer.data ?? "" }),
      namesNothing,
    ),
  ),
  docker(
    "a layer with a backslash in its name, which is no separator",
    "harmless",
    layersNamed("..\\secret", { ...layer, name: "..\\secret" }),
  ),
  ...["../secret", "/secret"].map((name) =>
    docker(
      `a config named ${name}`,
      "archive_invalid",
      tarOf({ ...config, name }, layer, savedManifest([image], { Config: name })),
      namesNothing,
    ),
  ),
  docker(
    "a manifest.json that is named from above",
    "archive_invalid",
    tarOf(config, layer, { ...manifest, name: "../manifest.json" }),
    /no manifest\.json/,
  ),
  docker(
    "a manifest.json with an absolute name",
    "archive_invalid",
    tarOf(config, layer, { ...manifest, name: "/manifest.json" }),
    /no manifest\.json/,
  ),
  docker(
    "a pax path that leads upwards",
    "archive_invalid",
    layersNamed(layer.name, paxEntry({ path: `../${layer.name}` }), layer),
    namesNothing,
  ),
  docker(
    "a GNU long name that is absolute",
    "archive_invalid",
    layersNamed(layer.name, longNameEntry("/secret"), layer),
    namesNothing,
  ),
  docker(
    "entries beside the image that lead outside",
    "harmless",
    tarOf(config, layer, manifest, { name: "../../x", data: "x" }, { name: "/y", data: "y" }),
  ),
]

const links = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ name: `l${i}`, type: "2", linkName: i + 1 === count ? layer.name : `l${i + 1}` }))

/** Links that lead outside, nowhere, or in circles. */
export const hostileLinks: readonly HostileArchive[] = [
  ...["/secret", "../../secret", "../../../../../../secret", "", "missing"].map((linkName) =>
    docker(
      `a symbolic link to ${JSON.stringify(linkName)}`,
      "archive_invalid",
      layersNamed("d/link", { name: "d/link", type: "2", linkName }),
      namesNothing,
    ),
  ),
  ...["/secret", "../secret", "missing"].map((linkName) =>
    docker(
      `a hard link to ${linkName}`,
      "archive_invalid",
      layersNamed("link", { name: "link", type: "1", linkName }),
      namesNothing,
    ),
  ),
  docker(
    "a symbolic link to itself",
    "archive_invalid",
    layersNamed("a", { name: "a", type: "2", linkName: "a" }),
    /lead in a circle/,
  ),
  docker(
    "a hard link to itself",
    "archive_invalid",
    layersNamed("a", { name: "a", type: "1", linkName: "a" }),
    /lead in a circle/,
  ),
  docker(
    "two links in a circle",
    "archive_invalid",
    layersNamed("a", { name: "a", type: "2", linkName: "b" }, { name: "b", type: "1", linkName: "a" }),
    /lead in a circle/,
  ),
  docker("a chain of 60 links", "archive_invalid", layersNamed("l0", layer, ...links(60)), /lead in a circle/),
  docker("a chain of 5 links", "harmless", layersNamed("l0", layer, ...links(5))),
  docker(
    "a chain that leads outside at its end",
    "archive_invalid",
    layersNamed("a", { name: "a", type: "2", linkName: "b" }, { name: "b", type: "2", linkName: "../secret" }),
    namesNothing,
  ),
  docker(
    "a manifest.json that is a link to outside",
    "archive_invalid",
    tarOf(config, layer, { name: "manifest.json", type: "2", linkName: "/secret" }),
    /no manifest\.json/,
  ),
  docker(
    "a link directory before a layer",
    "archive_invalid",
    layersNamed("d/secret", { name: "d", type: "2", linkName: ".." }),
    namesNothing,
  ),
  docker(
    "a pax link target that leads outside",
    "archive_invalid",
    layersNamed("a", paxEntry({ linkpath: "/secret" }), { name: "a", type: "2", linkName: layer.name }, layer),
    namesNothing,
  ),
  docker(
    "a hard link that claims data of its own",
    "harmless",
    layersNamed(layer.name, { name: "h", type: "1", linkName: layer.name, sizeField: "00000001000\0" }, layer),
  ),
]

/** Devices, pipes and the like where a file should be. */
export const specialFiles: readonly HostileArchive[] = [
  ...[
    ["3", "character device"],
    ["4", "block device"],
    ["6", "pipe"],
    ["5", "directory"],
    ["Z", "entry of an unknown type"],
  ].map(([type = "", what]) =>
    docker(`a ${what} instead of a layer`, "archive_invalid", layersNamed("x", { name: "x", type }), namesNothing),
  ),
  docker(
    "a device that takes the manifest's name",
    "archive_invalid",
    tarOf(config, layer, manifest, { name: "manifest.json", type: "3" }),
    /no manifest\.json/,
  ),
  docker("a sparse file", "archive_invalid", layersNamed("x", { name: "x", type: "S" }), /sparse or split file/),
  docker(
    "a file that goes on in another volume",
    "archive_invalid",
    layersNamed("x", { name: "x", type: "M" }),
    /sparse or split file/,
  ),
  docker(
    "a sparse file in pax form",
    "archive_invalid",
    layersNamed(layer.name, paxEntry({ "GNU.sparse.major": "1" }), layer),
    /sparse file/,
  ),
]
