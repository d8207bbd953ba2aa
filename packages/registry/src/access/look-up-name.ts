import { resolveName } from "../proxy/resolve-name.ts"
import type { ResolvedName } from "../proxy/resolved-name.ts"
import { makeRoutingTable } from "../proxy/routing-table.ts"
import type { UpstreamList } from "../proxy/upstream.ts"
import type { AccessRules } from "./access.ts"
import { isPublic } from "./may.ts"

/** What a repository's name means in a request now, and whether anybody may pull it who shows nothing. */
export interface NameMeaning {
  readonly name: ResolvedName
  readonly isPublic: boolean
}

/**
 * What a request for that name to this server's own address would come upon: for people who ask before they try.
 * @throws RegistryError NAME_INVALID; NAME_UNKNOWN for a registry that is not configured.
 */
export function lookUpName(name: string, upstreams: UpstreamList, rules: AccessRules): NameMeaning {
  const isProject = (project: string) => rules.project(project) !== undefined
  const resolved = resolveName(makeRoutingTable(upstreams), name, { isProject })
  return { name: resolved, isPublic: isPublic(rules, "pull", resolved) }
}
