import type { CheckedUpstream, Upstream, UpstreamChanges, UpstreamInput } from "@entrepot/client"

/** An upstream as it is being typed. */
export interface UpstreamDraft {
  readonly name: string
  readonly registry: string
  /** With the path prefix at its end, as long as nothing stands in its own field. */
  readonly url: string
  readonly pathPrefix: string
  /** Names, each on a line of its own. */
  readonly virtualHosts: string
  /** Whole seconds; empty: as the server does otherwise. */
  readonly tagLifetime: string
  readonly tlsVerify: boolean
  /** Empty: the certificate that is kept stays. */
  readonly ca: string
  readonly forgetCa: boolean
  readonly username: string
  /** Empty: the password that is kept stays. */
  readonly password: string
  readonly forgetPassword: boolean
}

/** The longest that a tag can be believed, seconds: 30 days. */
const longestTagLifetimeS = 30 * 86_400

/** What the form begins with: a saved upstream, or one for a registry that already has some, or nothing. */
export function draftOf(upstream: Upstream | undefined, registry = ""): UpstreamDraft {
  return {
    name: upstream?.name ?? "",
    registry: upstream?.registry ?? registry,
    url: upstream?.url ?? "",
    pathPrefix: upstream?.pathPrefix ?? "",
    virtualHosts: upstream?.virtualHosts.join("\n") ?? "",
    tagLifetime:
      upstream?.tagLifetimeMs === undefined || upstream.tagLifetimeMs === null ? "" : String(upstream.tagLifetimeMs / 1000),
    tlsVerify: upstream?.tlsVerify ?? true,
    ca: "",
    forgetCa: false,
    username: upstream?.username ?? "",
    password: "",
    forgetPassword: false,
  }
}

/** Which field cannot be sent as it is. */
export function findProblem({ url, tagLifetime }: UpstreamDraft): "url" | "tagLifetime" | undefined {
  if (originOf(url) === undefined) return "url"
  const seconds = tagLifetime.trim()
  if (seconds !== "" && !(/^\d+$/.test(seconds) && Number(seconds) <= longestTagLifetimeS)) return "tagLifetime"
  return undefined
}

/** What is asked to be saved; a password only where passwords are kept. */
export function inputOf(draft: UpstreamDraft, keepsPasswords: boolean): UpstreamInput {
  const { tagLifetime, password } = draft
  const username = draft.username.trim()
  const pathPrefix = draft.pathPrefix.trim()
  return {
    name: draft.name.trim(),
    registry: draft.registry.trim(),
    url: draft.url.trim(),
    // Without one, a path at the end of the URL is the prefix.
    ...(pathPrefix === "" && hasPath(draft.url) ? {} : { pathPrefix }),
    virtualHosts: draft.virtualHosts.split(/[\s,;]+/).filter((host) => host !== ""),
    tagLifetimeMs: tagLifetime.trim() === "" ? null : Number(tagLifetime) * 1000,
    tlsVerify: draft.tlsVerify,
    ca: draft.ca.trim() === "" ? null : draft.ca,
    username: username === "" ? null : username,
    ...(keepsPasswords && password !== "" && username !== "" ? { password } : {}),
  }
}

/** What the draft changes about a saved upstream, and nothing else of it. */
export function changesOf(upstream: Upstream, draft: UpstreamDraft, keepsPasswords: boolean): UpstreamChanges {
  const { ca, password, ...clear } = inputOf(draft, keepsPasswords)
  const before = inputOf(draftOf(upstream), keepsPasswords)
  const changed = Object.entries(clear).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof UpstreamInput]),
  )
  return {
    ...Object.fromEntries(changed),
    ...(draft.forgetCa ? { ca: null } : ca === null || ca === undefined ? {} : { ca }),
    ...(password !== undefined ? { password } : draft.forgetPassword && upstream.hasPassword ? { password: null } : {}),
  }
}

/** Whether the password that is kept goes with the draft: it belongs to its host and scheme. */
export function losesPassword(upstream: Upstream, draft: UpstreamDraft): boolean {
  if (!upstream.hasPassword) return false
  return draft.forgetPassword || draft.username.trim() === "" || originOf(draft.url) !== originOf(upstream.url)
}

/**
 * What is to be asked about the draft. Undefined where it cannot be asked: the URL is none, or only the application knows password or certificate, and
 * would send them to something else than what was saved.
 */
export function checkOf(upstream: Upstream | undefined, draft: UpstreamDraft): CheckedUpstream | undefined {
  if (findProblem(draft) === "url") return undefined
  if (upstream !== undefined && isSaved(upstream, draft)) return { id: upstream.id }
  const keepsUnseen =
    upstream !== undefined &&
    ((draft.password === "" && upstream.hasPassword && !losesPassword(upstream, draft)) ||
      (upstream.hasCa && draft.ca.trim() === "" && !draft.forgetCa))
  if (keepsUnseen) return undefined
  const { url, pathPrefix, tlsVerify, ca, username, password } = inputOf(draft, true)
  return {
    url,
    tlsVerify,
    ca,
    username,
    ...(pathPrefix === undefined ? {} : { pathPrefix }),
    ...(password === undefined ? {} : { password }),
  }
}

/** Whether a check of the saved upstream is a check of the draft. */
function isSaved(upstream: Upstream, draft: UpstreamDraft): boolean {
  const { name, registry, virtualHosts, tagLifetimeMs, ...matters } = changesOf(upstream, draft, true)
  return Object.keys(matters).length === 0
}

function originOf(url: string): string | undefined {
  const written = url.trim()
  if (!URL.canParse(written)) return undefined
  const { protocol, origin } = new URL(written)
  return /^https?:$/.test(protocol) ? origin : undefined
}

function hasPath(url: string): boolean {
  return URL.canParse(url.trim()) && !/^\/*(?:v2\/*)?$/.test(new URL(url.trim()).pathname)
}
