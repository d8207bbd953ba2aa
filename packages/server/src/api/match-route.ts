import type { Route } from "./rest/route.ts"
import { routes } from "./rest/routes.ts"

/** The route of a path, and what its placeholders stand for. */
export interface RouteMatch {
  readonly route: Route
  /** Its name in the table of rights: `GET /api/jobs/{id}`. */
  readonly key: string
  readonly parameters: Readonly<Record<string, string>>
}

interface Pattern {
  readonly segments: readonly string[]
  readonly byMethod: Map<string, { readonly route: Route; readonly key: string }>
}

/** What may stand in place of a parameter. Nothing needs to be decoded, so nothing can be decoded twice. */
const parameter = /^[A-Za-z0-9._-]{1,128}$/

function readPatterns(): readonly Pattern[] {
  const found = new Map<string, Pattern>()
  for (const [key, route] of Object.entries(routes)) {
    const [method = "", path = ""] = key.split(" ")
    const pattern = found.get(path) ?? { segments: path.split("/"), byMethod: new Map() }
    pattern.byMethod.set(method, { route, key })
    found.set(path, pattern)
  }
  return [...found.values()]
}

/** The route of an exactly spelled path; the methods that it has, when it has not this one; undefined for a path that is none of ours. */
type RouteMatcher = (method: string, path: string) => RouteMatch | { readonly allow: readonly string[] } | undefined

/** Reads the table of routes once; the matcher finds a path's route in it. */
export function createRouteMatcher(): RouteMatcher {
  const patterns = readPatterns()
  return (method, path) => matchRoute(patterns, method, path)
}

function matchRoute(patterns: readonly Pattern[], method: string, path: string): ReturnType<RouteMatcher> {
  const segments = path.split("/")
  for (const pattern of patterns) {
    const parameters = fit(pattern.segments, segments)
    if (parameters === undefined) continue
    const found = pattern.byMethod.get(method === "HEAD" ? "GET" : method)
    if (found !== undefined) return { ...found, parameters }
    const methods = [...pattern.byMethod.keys()]
    return { allow: methods.includes("GET") ? [...methods, "HEAD"] : methods }
  }
  return undefined
}

function fit(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [i, expected] of pattern.entries()) {
    const segment = segments[i] ?? ""
    if (expected.startsWith("{")) {
      if (!parameter.test(segment) || /^\.+$/.test(segment)) return undefined
      parameters[expected.slice(1, -1)] = segment
    } else if (segment !== expected) return undefined
  }
  return parameters
}
