import { lookUpName, RegistryError, type UpstreamList } from "@entrepot/registry"
import type { LiveAccess } from "./live-access.ts"
import type { AccessAnswer } from "./pull-access-service.ts"

/** What somebody meets who pulls an image and shows nothing: the registry's own answer, and the rule that speaks of it. */
export function explainAccess(image: string, upstreams: UpstreamList, rules: LiveAccess): AccessAnswer {
  const meaning = meaningOf(repositoryOf(image), upstreams, rules)
  if (typeof meaning === "string") return { repository: null, isLetIn: false, reason: meaning, rule: null }
  const { name, isPublic } = meaning
  const rule = rules.ruleFor(name.name) ?? null
  const answer = { repository: name.name, isLetIn: isPublic, rule }
  if (rules.isDenied(name.name)) return { ...answer, reason: "denied" }
  if (name.kind === "hosted") return { ...answer, reason: isPublic ? "public-project" : "project" }
  if (rules.open) return { ...answer, reason: "open" }
  return { ...answer, reason: isPublic ? "allowed" : "login" }
}

function meaningOf(name: string, upstreams: UpstreamList, rules: LiveAccess) {
  try {
    return lookUpName(name, upstreams, rules)
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error
    return error.code === "NAME_UNKNOWN" ? "no-upstream" : "no-name"
  }
}

/** Without tag and digest: rules are about repositories. */
function repositoryOf(image: string): string {
  return image
    .trim()
    .replace(/@[^/]*$/, "")
    .replace(/:[^:/]*$/, "")
}
