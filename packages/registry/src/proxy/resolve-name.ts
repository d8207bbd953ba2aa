import { findPathProblem, looksLikeHost } from "@entrepot/core"
import { RegistryError } from "../registry-error.ts"
import { isHostableProject } from "./hostable-project.ts"
import type { ProxiedName, ResolvedName } from "./resolved-name.ts"
import { type RoutingTable, registryName } from "./routing-table.ts"

/** What of a request decides which repository a name means. */
export interface NameContext {
  /** The Host header. */
  readonly host?: string | undefined
  /** The query's `ns`, decoded (distribution-spec, "Registry Proxying"). */
  readonly ns?: string | undefined
  /** Whether a project of that name is hosted here. */
  isProject(name: string): boolean
}

/** A registry of at most 255 characters, a slash, and a path of at most 255 (RELIABILITY S10). */
const longestName = 511
const longestHost = 255 + ":65535".length

/**
 * What a requested repository name means: hosted project, explicit registry, virtual host, `ns=`, default registry; the first that applies. Host and
 * `ns=` are keys among the configured registries and lead nowhere else (RELIABILITY S3).
 * @throws RegistryError NAME_INVALID; NAME_UNKNOWN for a registry that is not configured.
 */
export function resolveName(table: RoutingTable, name: string, context: NameContext): ResolvedName {
  if (name.length > longestName) throw invalid("it is too long")
  const slash = name.indexOf("/")
  const first = slash === -1 ? "" : name.slice(0, slash)
  if (slash !== -1 && context.isProject(first) && isHostableProject(first)) {
    checkPath(name)
    return { kind: "hosted", project: first, name }
  }
  const prefix = slash === -1 ? undefined : explicitRegistry(table, name, first)
  if (prefix) return proxiedName(prefix.registry, prefix.path)
  const byHost = context.host === undefined ? undefined : registryOfHost(table, context.host)
  if (byHost !== undefined) return proxiedName(byHost, name)
  if (context.ns !== undefined && context.ns !== "") return proxiedName(registryOfNamespace(table, context.ns), name)
  const { defaultRegistry } = table
  if (slash !== -1 && looksLikeHost(first)) throw unknown(first)
  if (!table.registries.has(defaultRegistry)) throw unknown(defaultRegistry)
  return proxiedName(defaultRegistry, name)
}

function explicitRegistry(table: RoutingTable, name: string, first: string): { registry: string; path: string } | undefined {
  const alias = registryName(first)
  const canonical = alias === first ? name : alias + name.slice(first.length)
  const registry = table.longestFirst.find((each) => canonical.startsWith(each) && canonical.charAt(each.length) === "/")
  return registry === undefined ? undefined : { registry, path: canonical.slice(registry.length + 1) }
}

/** The registry that a Host header stands for, where it is a virtual host. */
export function registryOfHost(table: RoutingTable, header: string): string | undefined {
  if (table.virtualHosts.size === 0 || header.length > longestHost) return undefined
  const host = header.toLowerCase()
  return table.virtualHosts.get(host) ?? table.virtualHosts.get(host.replace(/:\d{1,5}$/, ""))
}

function registryOfNamespace(table: RoutingTable, ns: string): string {
  const registry = ns.length > longestHost ? undefined : registryName(ns)
  if (registry === undefined || !table.registries.has(registry)) throw unknown(ns)
  return registry
}

/** A repository of a registry, completed as Docker completes it. @throws RegistryError NAME_INVALID. */
export function proxiedName(registry: string, path: string): ProxiedName {
  const whole = registry === "docker.io" && !path.includes("/") ? `library/${path}` : path
  checkPath(whole)
  return { kind: "proxied", name: `${registry}/${whole}`, registry, path: whole }
}

function checkPath(path: string): void {
  const problem = findPathProblem(path)
  if (problem !== undefined) throw invalid(problem)
}

function invalid(problem: string): RegistryError {
  return new RegistryError("NAME_INVALID", `this is no repository name: ${problem}`)
}

function unknown(registry: string): RegistryError {
  // A stranger's text: shown only where it has the form of a host.
  const shown = /^[\w.:[\]-]{1,255}$/.test(registry) ? registry : "that name"
  return new RegistryError("NAME_UNKNOWN", `no upstream is configured for the registry ${shown}`)
}
