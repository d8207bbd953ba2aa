import { type Digest, isDigest } from "@entrepot/core"
import { RegistryError } from "../registry-error.ts"
import { isRepositoryName } from "./repository-name.ts"

/** What a manifest is asked for by. Text that is neither tag nor digest names nothing. */
export type ManifestReferenceKind = "tag" | "digest" | "neither"

/** A path below /v2 or /v1, in parts. Names are as the client wrote them. */
export type Route =
  | { readonly kind: "base" }
  | { readonly kind: "token" }
  | { readonly kind: "catalog" }
  | { readonly kind: "ping" }
  | { readonly kind: "search" }
  | { readonly kind: "tags"; readonly name: string }
  | {
      readonly kind: "manifest"
      readonly name: string
      readonly reference: string
      readonly referenceKind: ManifestReferenceKind
    }
  | { readonly kind: "blob"; readonly name: string; readonly digest: PathDigest }
  | { readonly kind: "referrers"; readonly name: string; readonly digest: PathDigest }
  | { readonly kind: "uploads"; readonly name: string }
  | { readonly kind: "upload"; readonly name: string; readonly id: string }

/** Undefined where something else stands. */
type PathDigest = Digest | undefined

export type RouteKind = Route["kind"]

/** A route of that kind. */
export type RouteOf<Kind extends RouteKind> = Extract<Route, { readonly kind: Kind }>

const plain: Readonly<Record<string, Route | undefined>> = Object.assign(Object.create(null), {
  "/v2": { kind: "base" },
  "/v2/": { kind: "base" },
  "/v2/auth": { kind: "token" },
  "/v2/_catalog": { kind: "catalog" },
  "/v1/_ping": { kind: "ping" },
  "/v1/search": { kind: "search" },
})

/**
 * Takes a path apart that begins with /v2 or /v1. It is read from its end, so that a repository may be called `tags` or `a/blobs`, and nothing is
 * decoded: only the exact spelling matches. Undefined: nothing stands there.
 * @throws RegistryError NAME_INVALID for a path of a known form whose name the grammar refuses.
 */
export function parseRoute(path: string): Route | undefined {
  const route = plain[path]
  if (route !== undefined) return route
  if (!path.startsWith("/v2/")) return undefined
  const last = path.lastIndexOf("/")
  const noun = path.lastIndexOf("/", last - 1)
  if (noun < 4) return undefined
  const word = path.slice(noun + 1, last)
  const end = path.slice(last + 1)
  if (word === "manifests")
    return { kind: "manifest", name: nameOf(path, noun), reference: end, referenceKind: referenceKindOf(end) }
  if (word === "blobs" || word === "referrers")
    return { kind: word === "blobs" ? "blob" : "referrers", name: nameOf(path, noun), digest: isDigest(end) ? end : undefined }
  if (word === "tags" && end === "list") return { kind: "tags", name: nameOf(path, noun) }
  if (word !== "uploads" || !path.endsWith("/blobs", noun) || noun - 6 < 4) return undefined
  const name = nameOf(path, noun - 6)
  return end === "" ? { kind: "uploads", name } : { kind: "upload", name, id: end }
}

function nameOf(path: string, end: number): string {
  const name = path.slice(4, end)
  if (isRepositoryName(name)) return name
  throw new RegistryError("NAME_INVALID", "a repository's name has lowercase letters, digits, and between them . _ - or /", {
    detail: { name: name.slice(0, 300) },
  })
}

function referenceKindOf(text: string): ManifestReferenceKind {
  if (text.includes(":")) return isDigest(text) ? "digest" : "neither"
  return isTag(text) ? "tag" : "neither"
}

/** Letters, digits, `_`, `.` and `-`, at most 128, not beginning with the latter two (distribution-spec, "Pulling manifests"). */
export function isTag(text: string): boolean {
  if (text.length === 0 || text.length > 128) return false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const isWord = (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95
    if (!isWord && (i === 0 || (code !== 46 && code !== 45))) return false
  }
  return true
}
