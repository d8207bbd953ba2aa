import { findPathProblem, looksLikeHost, normalizeHost } from "@entrepot/core/reference"

/** What a prefix means, by examples. */
export interface RuleExamples {
  /** `registry`: all images of one; `path`: whatever lies below; `officialOfHub`: also the image of Docker Hub that is called by that one word. */
  readonly kind: "registry" | "path" | "pathOfHub" | "officialOfHub"
  /** As it is saved. */
  readonly prefix: string
  /** Images that it meets. */
  readonly meets: readonly string[]
  /** One that looks similar, and is not met. */
  readonly misses: string
}

/** Examples for a prefix as it is typed; undefined as long as it cannot be one. What it meets in truth is the application's to say. */
export function exampleOf(typed: string): RuleExamples | undefined {
  const bare = typed
    .trim()
    .toLowerCase()
    .replace(/\/\*?$/, "")
  if (bare === "" || bare === "*") return undefined
  const [first = "", ...rest] = bare.split("/")
  const path = rest.join("/")
  if (!looksLikeHost(first)) return findPathProblem(bare) === undefined ? ofHub(bare) : undefined
  if (!/^[a-z0-9.:[\]-]+$/.test(first)) return undefined
  const registry = normalizeHost(first)
  if (path === "") {
    return { kind: "registry", prefix: registry, meets: [`${registry}/team/app:1.0`], misses: `${registry}.example/team/app` }
  }
  if (findPathProblem(path) !== undefined) return undefined
  const prefix = `${registry}/${path}`
  return { kind: "path", prefix, meets: [`${prefix}:1.0`, `${prefix}/app:1.0`], misses: `${prefix}-other` }
}

function ofHub(prefix: string): RuleExamples {
  if (prefix.includes("/")) {
    const meets = [`${prefix}:1.0`, `docker.io/${prefix}:1.0`]
    return { kind: "pathOfHub", prefix, meets, misses: `${prefix}-other` }
  }
  return {
    kind: "officialOfHub",
    prefix,
    meets: [`${prefix}/app:1.0`, `${prefix}:1.0`],
    misses: `${prefix}-other/app`,
  }
}
