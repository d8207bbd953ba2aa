import { findPathProblem, looksLikeHost, normalizeHost } from "@entrepot/core"
import { ServiceError } from "../errors/service-error.ts"

const longestPrefix = 511
const host = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/

/**
 * A prefix of names as rules keep it: whole path components, Docker Hub under one name, no slash at the end. `Helloz/` and `helloz/*` are `helloz`.
 * @throws ServiceError `invalid`.
 */
export function normalizePrefix(text: string): string {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/\/\*?$/, "")
  if (bare === "" || bare === "*") throw invalid("it would mean every image; name a registry or the first part of a name")
  if (bare.length > longestPrefix) throw invalid("it is too long")
  const slash = bare.indexOf("/")
  const first = slash === -1 ? bare : bare.slice(0, slash)
  const path = slash === -1 ? "" : bare.slice(slash + 1)
  if (!looksLikeHost(first)) {
    refuseProblem(findPathProblem(bare))
    return bare
  }
  if (!host.test(first)) throw invalid(`${JSON.stringify(first)} is no registry`)
  const registry = normalizeHost(first)
  if (slash === -1) return registry
  refuseProblem(findPathProblem(path))
  return `${registry}/${path}`
}

function refuseProblem(problem: string | undefined): void {
  if (problem !== undefined) throw invalid(problem)
}

function invalid(problem: string): ServiceError {
  return new ServiceError("invalid", `this is no prefix of image names: ${problem}`)
}
