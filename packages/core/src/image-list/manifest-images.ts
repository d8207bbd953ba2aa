import { TransferError } from "../errors/transfer-error.ts"
import type { ImageCollector } from "./image-collector.ts"
import { readImageField } from "./read-image-field.ts"
import { fieldOf, textAt, type YamlMap, type YamlNode, type YamlText } from "./yaml-node.ts"

/** Where the walk is. */
interface Place {
  /** `Deployment/web`; empty outside of an object of Kubernetes. */
  readonly owner: string
  /** From the owner on: `spec.template`, `containers[0] nginx`. */
  readonly path: string
  /** The fields of one container or volume: an `image` among them is nothing else. */
  readonly isContainer: boolean
  readonly depth: number
}

const containerLists = new Set(["containers", "initContainers", "ephemeralContainers"])
const deepest = 200
/**
 * The images of an object of Kubernetes, a kustomization, Helm values, or YAML that is like them: pod specs wherever they stand, image volumes,
 * `image` as text or in parts, `images` of kustomize. Aliases let a short text be a long walk: false when it was not finished
 * after `mostSteps` maps and lists.
 */
export function collectManifestImages(root: YamlNode, found: ImageCollector, mostSteps: number): boolean {
  const walk = new ManifestWalk(found, mostSteps)
  walk.node(root, { owner: "", path: "", isContainer: false, depth: 0 })
  return !walk.isCut
}

class ManifestWalk {
  readonly #found: ImageCollector
  readonly #mostSteps: number
  #steps = 0
  isCut = false

  constructor(found: ImageCollector, mostSteps: number) {
    this.#found = found
    this.#mostSteps = mostSteps
  }

  node(node: YamlNode, place: Place): void {
    if (node.kind === "text") return
    if (++this.#steps > this.#mostSteps || place.depth > deepest) {
      this.isCut = true
      return
    }
    const deeper = { ...place, isContainer: false, depth: place.depth + 1 }
    if (node.kind === "list") {
      for (const [index, item] of node.items.entries()) this.node(item, { ...deeper, path: `${place.path}[${index}]` })
      return
    }
    const owner = ownerOf(node)
    this.#map(node, owner === undefined ? place : { ...place, owner, path: "" })
  }

  #map(map: YamlMap, place: Place): void {
    for (const { key, value } of map.entries) {
      const inside = {
        ...place,
        path: place.path === "" ? key : `${place.path}.${key}`,
        isContainer: false,
        depth: place.depth + 1,
      }
      if (key === "image" && value.kind === "text") this.#image(map, value, place, inside)
      else if (value.kind === "map" && this.#imageInParts(key, value, place.isContainer ? place : inside)) continue
      else if (key === "images" && value.kind === "list") this.#images(value.items, inside)
      else if (value.kind === "list" && (containerLists.has(key) || key === "volumes")) this.#named(key, value.items, inside)
      else this.node(value, inside)
    }
  }

  /** Containers and volumes: each is told by its number and name, which is shorter than the way to it. */
  #named(key: string, items: readonly YamlNode[], inside: Place): void {
    for (const [index, item] of items.entries()) {
      const name = item.kind === "map" ? textAt(item, "name")?.text : undefined
      const path = `${key}[${index}]${name === undefined ? "" : ` ${name}`}`
      this.node(item, { ...inside, path, isContainer: true, depth: inside.depth + 1 })
    }
  }

  #image(map: YamlMap, image: YamlText, place: Place, inside: Place): void {
    if (image.text.trim() === "") return
    // Other objects have an "image" that is none: only what reads like one counts.
    if (place.isContainer) this.#add(image.text, image.line, place)
    else if (place.owner !== "") this.#addIfImage(image, inside)
    else this.#add(withTag(image.text, textAt(map, "tag") ?? textAt(map, "imageTag")), image.line, inside)
  }

  /** `reference` of an image volume; `registry`, `repository`, `tag` and `digest` of Helm values. False when it is neither. */
  #imageInParts(key: string, map: YamlMap, place: Place): boolean {
    const reference = key === "image" ? textAt(map, "reference") : undefined
    if (reference !== undefined) {
      this.#add(reference.text, reference.line, place)
      return true
    }
    const repository = textAt(map, "repository")
    const isImage = /image$/i.test(key) || fieldOf(map, "tag") !== undefined
    if (repository === undefined || !isImage || repository.text.includes("://")) return false
    const registry = textAt(map, "registry")
    const name = registry === undefined ? repository.text : `${registry.text}/${repository.text}`
    this.#addVersion(name, textAt(map, "tag"), textAt(map, "digest") ?? shaOf(map), repository.line, place)
    return true
  }

  /** Names, or what kustomize puts in place of a name. */
  #images(items: readonly YamlNode[], inside: Place): void {
    for (const [index, item] of items.entries()) {
      const place = { ...inside, path: `${inside.path}[${index}]`, depth: inside.depth + 1 }
      if (item.kind === "text") this.#addIfImage(item, place)
      else if (item.kind === "list" || !this.#replacement(item, inside.path, index, place)) this.node(item, place)
    }
  }

  #replacement(item: YamlMap, path: string, index: number, place: Place): boolean {
    const name = textAt(item, "name")
    const [newName, newTag, digest] = ["newName", "newTag", "digest"].map((key) => textAt(item, key))
    const image = newName ?? name
    if (name === undefined || image === undefined || (newName ?? newTag ?? digest) === undefined) return false
    const named = { ...place, path: `${path}[${index}] ${name.text}` }
    this.#addVersion(image.text, digest === undefined ? newTag : undefined, digest, image.line, named)
    return true
  }

  #addVersion(name: string, tag: YamlText | undefined, digest: YamlText | undefined, line: number, place: Place): void {
    const text = `${name}${tag === undefined ? "" : `:${tag.text}`}${digest === undefined ? "" : `@${digest.text}`}`
    if (tag === undefined && digest === undefined && !hasVersion(name)) this.#add(text, line, place, tagElsewhere(text))
    else this.#add(text, line, place)
  }

  #addIfImage(image: YamlText, place: Place): void {
    if (!/[/:@]/.test(image.text) || image.text.includes("://") || !isImage(image.text)) return
    this.#add(image.text, image.line, place)
  }

  #add(text: string, line: number, { owner, path }: Place, problem?: TransferError): void {
    const where = owner === "" ? path : `${owner}: ${path}`
    const parse = () => {
      if (problem !== undefined) throw problem
      return readImageField(text)
    }
    this.#found.add({ text, line, where, parse })
  }
}

/** `Deployment/web`, for a map that is an object of Kubernetes. */
function ownerOf(map: YamlMap): string | undefined {
  const kind = textAt(map, "kind")
  if (kind === undefined || textAt(map, "apiVersion") === undefined) return undefined
  const metadata = fieldOf(map, "metadata")
  const name = metadata?.kind === "map" ? (textAt(metadata, "name") ?? textAt(metadata, "generateName")) : undefined
  return name === undefined ? kind.text : `${kind.text}/${name.text}`
}

/** Some charts write the tag beside the name. */
function withTag(image: string, tag: YamlText | undefined): string {
  return tag === undefined || hasVersion(image) ? image : `${image}:${tag.text}`
}

/** A colon or "@" behind the last slash. */
function hasVersion(image: string): boolean {
  return /[:@][^/]*$/.test(image)
}

/** Some charts write the digest as bare digits. */
function shaOf(map: YamlMap): YamlText | undefined {
  const sha = textAt(map, "sha")
  return sha === undefined || sha.text.includes(":") ? sha : { ...sha, text: `sha256:${sha.text}` }
}

function isImage(text: string): boolean {
  try {
    readImageField(text)
    return true
  } catch {
    return false
  }
}

function tagElsewhere(text: string): TransferError {
  return new TransferError("reference_invalid", `"${text.slice(0, 120)}" is not complete: its tag is chosen elsewhere`, {
    hint: "write its tag, or paste what `helm template` or `kubectl kustomize` prints",
  })
}
