import { createHash } from "node:crypto"
import { type EntryRecipe, tarEntry } from "../archive/tar.fixture.ts"

/** Hexadecimal. */
export const sha256 = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex")

/** A layer as it stands in an archive: a small tar. */
export function layerBytes(text: string): Buffer {
  return Buffer.concat([tarEntry({ name: "file", data: text }), Buffer.alloc(1024)])
}

/** The entries of an image in an archive, and how manifest.json names them. */
export interface SavedImage {
  readonly entries: readonly EntryRecipe[]
  readonly config: string
  readonly layers: readonly string[]
  readonly names: readonly string[] | null
}

/** An image as docker save wrote it before version 25: `<id>.json` and `<id>/layer.tar`. */
export function savedImage(name: string | null, texts: readonly string[], diffIds?: readonly string[]): SavedImage {
  const layers = texts.map(layerBytes)
  const config = JSON.stringify({
    architecture: "amd64",
    os: "linux",
    rootfs: { type: "layers", diff_ids: diffIds ?? layers.map((bytes) => `sha256:${sha256(bytes)}`) },
  })
  const paths = texts.map((text) => `${sha256(text)}/layer.tar`)
  return {
    entries: [{ name: `${sha256(config)}.json`, data: config }, ...layers.map((data, i) => ({ name: paths[i] ?? "", data }))],
    config: `${sha256(config)}.json`,
    layers: paths,
    names: name === null ? null : [name],
  }
}

/** `manifest.json` over these images, with fields replaced. */
export function savedManifest(images: readonly SavedImage[], replaced: Readonly<Record<string, unknown>> = {}): EntryRecipe {
  const json = images.map(({ config, layers, names }) => ({ Config: config, RepoTags: names, Layers: layers, ...replaced }))
  return { name: "manifest.json", data: JSON.stringify(json) }
}
