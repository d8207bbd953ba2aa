import type { Reference } from "./reference.ts"

/** What is wrong with a piece of an image name, as the end of the sentence `"…" is not an image name: …`. */
export interface Problem {
  readonly problem: string
}

/** Longer than any name, tag and digest together can be: refused before anything is read. */
export const maxReferenceLength = 1024
/** distribution/reference `RepositoryNameTotalLengthMax`, for the path; a host of more than 255 characters is no host either. */
export const maxNameLength = 255
export const maxTagLength = 128

const hubAliases = new Set(["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"])
const hexLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 }

const isDigit = (c: number): boolean => c >= 48 && c <= 57
const isLower = (c: number): boolean => c >= 97 && c <= 122
const isUpper = (c: number): boolean => c >= 65 && c <= 90
const isHex = (c: number): boolean => isDigit(c) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70)

function every(text: string, test: (code: number) => boolean): boolean {
  for (let i = 0; i < text.length; i++) if (!test(text.charCodeAt(i))) return false
  return true
}

/**
 * The grammar of distribution/reference as one pass over the text, with the normalisation of Docker: host or namespace first, aliases of
 * Docker Hub, `library/`, `latest`. Returns the first problem instead of throwing.
 */
export function scanReference(text: string): Reference | Problem {
  if (text.length > maxReferenceLength) return { problem: `it is longer than ${maxReferenceLength} characters` }
  if (text === "") return { problem: "it is empty" }
  if (text.length === 64 && every(text, (c) => isDigit(c) || (c >= 97 && c <= 102))) {
    return { problem: "64 hex digits are the id of an image, not its name" }
  }
  const scheme = text.indexOf("://")
  if (scheme !== -1) {
    const isWeb = text.startsWith("https:") || text.startsWith("http:")
    return { problem: isWeb ? "it is a web address" : `"${text.slice(0, scheme)}://" does not belong to it` }
  }
  const at = text.indexOf("@")
  const named = at === -1 ? text : text.slice(0, at)
  const digest = at === -1 ? undefined : text.slice(at + 1)

  const { host, rest } = splitHost(named)
  const colon = rest.indexOf(":")
  const path = colon === -1 ? rest : rest.slice(0, colon)
  const tag = colon === -1 ? undefined : rest.slice(colon + 1)

  const registry = normalizeHost(host)
  const repository = registry === "docker.io" && path !== "" && !path.includes("/") ? `library/${path}` : path
  const problem =
    findHostProblem(host) ??
    findPathProblem(repository) ??
    (tag === undefined ? undefined : findTagProblem(tag)) ??
    (digest === undefined ? undefined : findDigestProblem(digest))
  if (problem !== undefined) return { problem }
  return {
    registry,
    repository,
    ...(tag !== undefined ? { tag } : digest === undefined ? { tag: "latest" } : {}),
    ...(digest === undefined ? {} : { digest }),
  }
}

/** Whether a first path component stands for a host: a dot, a colon, an uppercase letter, or `localhost`. */
export function looksLikeHost(component: string): boolean {
  return component === "localhost" || !every(component, (c) => c !== 46 && c !== 58 && !isUpper(c))
}

/** A name without slash never has a host: `localhost:5000` is the tag 5000 of an image `localhost`. */
function splitHost(named: string): { host: string; rest: string } {
  const slash = named.indexOf("/")
  const first = named.slice(0, slash)
  if (slash === -1 || !looksLikeHost(first)) return { host: "docker.io", rest: named }
  return { host: first, rest: named.slice(slash + 1) }
}

/** Lowercase, unless only an uppercase letter tells it from a namespace; the aliases of Docker Hub become `docker.io`. */
export function normalizeHost(host: string): string {
  const lower = host.toLowerCase()
  if (hubAliases.has(lower)) return "docker.io"
  return looksLikeHost(lower) ? lower : host
}

/** `domain` of the grammar, narrowed to what can be dialled: a port up to 65535, an IPv6 address that is one. */
export function findHostProblem(host: string): string | undefined {
  if (host.length > maxNameLength) return `the host is longer than ${maxNameLength} characters`
  let port: string | undefined
  let name = host
  if (host.startsWith("[")) {
    const end = host.indexOf("]")
    if (end === -1) return `the host ${host} lacks the closing bracket`
    name = host.slice(1, end)
    const after = host.slice(end + 1)
    if (after !== "" && !after.startsWith(":")) return `after the bracket of ${host} only a port may follow`
    port = after === "" ? undefined : after.slice(1)
    if (name.includes("%")) return "an IPv6 address in an image name has no zone"
    if (!isIpv6(name)) return `[${name}] is not an IPv6 address`
  } else {
    const colon = host.indexOf(":")
    if (colon !== -1 && host.indexOf(":", colon + 1) !== -1) return "an IPv6 address is written in brackets, as in [::1]:5000"
    name = colon === -1 ? host : host.slice(0, colon)
    port = colon === -1 ? undefined : host.slice(colon + 1)
    for (const label of name.split(".")) {
      if (label === "") return `${host} is not a host name: there is nothing ${name === "" ? "before the port" : "beside a dot"}`
      if (!every(label, (c) => isDigit(c) || isLower(c) || isUpper(c) || c === 45)) {
        return `${host} is not a host name: it has characters besides letters, digits, "-" and "."`
      }
      if (label.startsWith("-") || label.endsWith("-")) return `${host} is not a host name: a part of it begins or ends with "-"`
    }
  }
  if (port === undefined) return undefined
  if (port === "" || !every(port, isDigit) || Number(port) > 65_535 || Number(port) === 0) return `"${port}" is not a port`
  return undefined
}

/** RFC 4291 section 2.2, forms 1 and 2; the grammar knows no dotted tail. */
function isIpv6(text: string): boolean {
  const gap = text.indexOf("::")
  if (gap !== -1 && text.indexOf("::", gap + 1) !== -1) return false
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"))
  const all = gap === -1 ? groups(text) : [...groups(text.slice(0, gap)), ...groups(text.slice(gap + 2))]
  const isGroup = (group: string): boolean => group.length >= 1 && group.length <= 4 && every(group, isHex)
  return (gap === -1 ? all.length === 8 : all.length <= 7) && all.every(isGroup)
}

/** `remote-name` of the grammar: components of `[a-z0-9]+`, joined inside by `.`, `_`, `__` or dashes. */
export function findPathProblem(path: string): string | undefined {
  if (path.length > maxNameLength) return `the repository name is longer than ${maxNameLength} characters`
  if (path === "" || path === "library/") return "there is no repository name"
  let separator = ""
  let inComponent = false
  for (let i = 0; i <= path.length; i++) {
    const c = i === path.length ? 47 : path.charCodeAt(i)
    if (isDigit(c) || isLower(c)) {
      if (separator !== "" && !isSeparator(separator)) return `"${separator}" cannot stand inside a repository name`
      separator = ""
      inComponent = true
    } else if (c === 47) {
      if (separator !== "") return `a part of the repository name ends with "${separator}"`
      if (!inComponent) return 'a part of the repository name is empty: there is a "/" too many'
      inComponent = false
    } else if (c === 46 || c === 95 || c === 45) {
      if (!inComponent) return `a part of the repository name begins with "${path.charAt(i)}"`
      separator += path.charAt(i)
    } else if (isUpper(c)) {
      return "repository names are lowercase"
    } else if (c <= 32) {
      return "it has a blank inside"
    } else {
      return `"${String.fromCodePoint(path.codePointAt(i) ?? c)}" cannot stand in a repository name`
    }
  }
  return undefined
}

function isSeparator(text: string): boolean {
  return text === "." || text === "_" || text === "__" || every(text, (c) => c === 45)
}

/** `tag` of the grammar: `[\w][\w.-]{0,127}`. */
export function findTagProblem(tag: string): string | undefined {
  if (tag.length > maxTagLength) return `the tag is longer than ${maxTagLength} characters`
  if (tag === "") return 'there is no tag after ":"'
  for (let i = 0; i < tag.length; i++) {
    const c = tag.charCodeAt(i)
    if (isDigit(c) || isLower(c) || isUpper(c) || c === 95) continue
    if (c === 46 || c === 45) {
      if (i === 0) return `a tag cannot begin with "${tag.charAt(0)}"`
      continue
    }
    if (c <= 32) return "it has a blank inside"
    return `"${String.fromCodePoint(tag.codePointAt(i) ?? c)}" cannot stand in a tag`
  }
  return undefined
}

/** `digest` of the grammar: any algorithm with at least 32 hex digits, the registered ones (image-spec, descriptor.md) exactly. */
export function findDigestProblem(digest: string): string | undefined {
  const colon = digest.indexOf(":")
  if (colon === -1) return 'after "@" a digest like sha256:… must follow'
  const algorithm = digest.slice(0, colon)
  const hex = digest.slice(colon + 1)
  if (!isAlgorithm(algorithm)) return `"${algorithm}" is not a digest algorithm`
  if (!every(hex, isHex)) return "a digest consists of hex digits"
  const length = Object.hasOwn(hexLengths, algorithm) ? hexLengths[algorithm] : undefined
  if (length === undefined) return hex.length < 32 ? `a digest has at least 32 hex digits, this one has ${hex.length}` : undefined
  if (hex.length !== length) return `a ${algorithm} digest has ${length} hex digits, this one has ${hex.length}`
  return every(hex, (c) => !isUpper(c)) ? undefined : `a ${algorithm} digest is written in lowercase`
}

function isAlgorithm(text: string): boolean {
  let atStart = true
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (isLower(c) || isUpper(c)) atStart = false
    else if (atStart) return false
    else if (c === 43 || c === 46 || c === 45 || c === 95) atStart = true
    else if (!isDigit(c)) return false
  }
  return !atStart
}
