import type { ResolvedName } from "../proxy/resolved-name.ts"
import { type AccessRules, type Action, anonymous, type Subject } from "./access.ts"

/** What can be done with one repository. */
export const repositoryActions = ["pull", "push", "delete"] as const

/**
 * Whether the rules in force let a subject do it (RELIABILITY section 3). A deny rule beats everything. What is read through upstreams is only ever
 * pulled; hosted repositories are their project's.
 */
export function may(rules: AccessRules, subject: Subject, action: Action, name: ResolvedName): boolean {
  if (rules.isDenied(name.name)) return false
  if (name.kind === "proxied")
    return action === "pull" && (rules.open || isKnownPuller(subject) || rules.isWhitelisted(name.name))
  const project = rules.project(name.project)
  if (project === undefined) return false
  if (action === "pull" && project.isPublic) return true
  if (subject.kind === "anonymous" || !subject.ceiling.includes(action)) return false
  return (subject.isAdmin && action !== "catalog") || project.actionsOf(subject).includes(action)
}

/** What anybody may do without showing anything: only then may caches in front keep the answer (S6). */
export function isPublic(rules: AccessRules, action: Action, name: ResolvedName): boolean {
  return may(rules, anonymous, action, name)
}

function isKnownPuller(subject: Subject): boolean {
  return subject.kind !== "anonymous" && subject.ceiling.includes("pull")
}
