import { TransferError } from "../errors/transfer-error.ts"
import { imageNameOf, namespaceOf } from "./format.ts"
import { checkReference, type Reference } from "./reference.ts"

/** Where images of one run go: a registry, and the project (first path components) in it. */
export interface TargetBase {
  readonly host: string
  /** Default `proxy` (seed 0 section 2.4). */
  readonly project?: string
}

/** How a source's name becomes the path below a target's project. */
export interface NamingRule {
  /** As a person writes it; `parseNamingRule(rule.text)` is the same rule. */
  readonly text: string
  /** Path below the project, and the tag where the rule makes its own. Not yet checked against the grammar. */
  place(source: Reference): { readonly path: string; readonly tag?: string }
}

const defaultRule: NamingRule = {
  text: "default",
  place: (source) => ({ path: pathWithRegistry(source).join("/") }),
}

/** For registries that allow two levels only: everything in one component. */
const flatRule: NamingRule = {
  text: "flat",
  place: (source) => ({ path: pathWithRegistry(source).join("_") }),
}

const basenameRule: NamingRule = {
  text: "basename",
  place: (source) => ({ path: imageNameOf(source) }),
}

const presets: readonly NamingRule[] = [defaultRule, flatRule, basenameRule]
const fields = new Set(["registry", "namespace", "repository", "tag"])
const maxTemplateLength = 512

/**
 * `default`, `flat`, `basename`, or a template with `{registry}`, `{namespace}`, `{repository}` (the last part of the path) and `{tag}`.
 * @throws TransferError `usage`.
 */
export function parseNamingRule(text: string): NamingRule {
  const trimmed = text.trim()
  const preset = presets.find((rule) => rule.text === trimmed)
  if (preset !== undefined) return preset
  const hint = "use default, flat, basename, or a template like {registry}/{namespace}/{repository}"
  if (trimmed.length > maxTemplateLength) {
    throw new TransferError("usage", `a naming template has at most ${maxTemplateLength} characters`, { hint })
  }
  const pieces = splitTemplate(trimmed)
  const unknown = pieces.find((piece) => piece.field !== undefined && !fields.has(piece.field))
  if (unknown !== undefined) throw new TransferError("usage", `a naming template has no field {${unknown.field}}`, { hint })
  if (!pieces.some((piece) => piece.field === "repository")) {
    throw new TransferError("usage", `"${trimmed}" is not a naming rule: a template needs {repository}`, { hint })
  }
  return { text: trimmed, place: (source) => fillTemplate(pieces, source) }
}

/**
 * Where `source` goes under `base`: the source's tag, or one made of its digest (`sha256-0123456789ab`) where it has none.
 * @throws TransferError `reference_invalid` when the rule makes something that is no image name.
 */
export function nameTarget(source: Reference, base: TargetBase, rule: NamingRule): Reference {
  const { path, tag } = rule.place(source)
  const project = base.project ?? "proxy"
  return checkReference({
    registry: base.host,
    repository: project === "" ? path : `${project}/${path}`,
    tag: tag ?? tagOf(source),
  })
}

/** The registry's host, as a path component, before the path; Docker Hub and its `library` are left out. */
function pathWithRegistry(source: Reference): string[] {
  const parts = source.repository.split("/")
  if (source.registry !== "docker.io") return [hostComponent(source.registry), ...parts]
  return parts.length === 2 && parts[0] === "library" ? parts.slice(1) : parts
}

/**
 * A host as the grammar of paths permits it: `registry:5000` becomes `registry_5000`, which no other host can be since host names have no
 * underscore; `[::1]:5000` becomes `ipv6-0--1_5000`.
 */
function hostComponent(host: string): string {
  const lower = host.toLowerCase()
  const end = lower.indexOf("]")
  if (end === -1) return lower.replace(":", "_")
  const address = lower.slice(1, end)
  const closed = `${address.startsWith(":") ? "0" : ""}${address}${address.endsWith(":") ? "0" : ""}`
  return `ipv6-${closed.replaceAll(":", "-")}${lower.slice(end + 1).replace(":", "_")}`
}

function tagOf(source: Reference): string {
  if (source.tag !== undefined) return source.tag
  const [algorithm = "", hex = ""] = (source.digest ?? "").split(":")
  return hex === "" ? "latest" : `${algorithm.replaceAll("+", "-")}-${hex.slice(0, 12)}`
}

interface Piece {
  readonly literal: string
  readonly field?: string
}

function splitTemplate(template: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  while (at < template.length) {
    const open = template.indexOf("{", at)
    const close = open === -1 ? -1 : template.indexOf("}", open)
    if (close === -1) {
      pieces.push({ literal: template.slice(at) })
      break
    }
    pieces.push({ literal: template.slice(at, open), field: template.slice(open + 1, close) })
    at = close + 1
  }
  return pieces
}

/** An empty field takes its "/" with it; what follows a ":" in the last component is the tag. */
function fillTemplate(pieces: readonly Piece[], source: Reference): { path: string; tag?: string } {
  const values: Readonly<Record<string, string>> = {
    registry: hostComponent(source.registry),
    namespace: namespaceOf(source),
    repository: imageNameOf(source),
    tag: tagOf(source),
  }
  const filled = pieces.map((piece) => piece.literal + (piece.field === undefined ? "" : (values[piece.field] ?? ""))).join("")
  const path = filled
    .split("/")
    .filter((part) => part !== "")
    .join("/")
  const colon = path.indexOf(":", path.lastIndexOf("/") + 1)
  return colon === -1 ? { path } : { path: path.slice(0, colon), tag: path.slice(colon + 1) }
}
