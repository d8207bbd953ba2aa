import { findPathProblem, normalizeHost } from "@entrepot/core"
import type { UpstreamRecord } from "@entrepot/db/stores"
import { ServiceError } from "../../errors/service-error.ts"
import { checkPassword, readCa, readUsername } from "../../targets/login-fields.ts"
import type { UpstreamInput } from "./upstream-service.ts"

const longestName = 100
const mostVirtualHosts = 20
const farthestPriority = 10_000
const longestTagLifetimeMs = 30 * 86_400_000
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

/** What is kept of an upstream in clear, all of it optional. */
export type ClearUpstream = Partial<Omit<UpstreamRecord, "id" | "sealed" | "version" | "createdAt" | "updatedAt">>

/** The fields that an input names, checked. @throws ServiceError `invalid`. */
export function readUpstreamFields(input: Partial<UpstreamInput>): ClearUpstream {
  if (input.password !== undefined && input.password !== null) checkPassword(input.password)
  const { tagLifetimeMs } = input
  return {
    ...(input.name === undefined ? {} : { name: readName(input.name) }),
    ...(input.registry === undefined ? {} : { registry: readRegistry(input.registry) }),
    ...(input.url === undefined ? {} : readUrl(input.url)),
    ...(input.pathPrefix === undefined ? {} : { pathPrefix: readPrefix(input.pathPrefix) }),
    ...(input.priority === undefined ? {} : { priority: readPriority(input.priority) }),
    ...(input.enabled === undefined ? {} : { enabled: input.enabled }),
    ...(input.virtualHosts === undefined ? {} : { virtualHosts: readVirtualHosts(input.virtualHosts) }),
    ...(tagLifetimeMs === undefined ? {} : { tagLifetimeMs: tagLifetimeMs === null ? null : readLifetime(tagLifetimeMs) }),
    ...(input.tlsVerify === undefined ? {} : { tlsVerify: input.tlsVerify }),
    ...(input.ca === undefined ? {} : { ca: input.ca === null ? null : readCa(input.ca) }),
    ...(input.username === undefined ? {} : { username: input.username === null ? null : readUsername(input.username) }),
  }
}

/** `host[:port]` of an upstream's URL. */
export function hostOf({ url }: { readonly url: string }): string {
  return new URL(url).host
}

/** A path at the URL's end is the prefix, unless that is said beside it. */
function readUrl(written: string): { url: string; pathPrefix?: string } {
  const url = URL.canParse(written.trim()) ? new URL(written.trim()) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw invalid("an upstream's URL is written like https://registry.example.com, with https or http")
  }
  if (url.username !== "" || url.password !== "") {
    throw invalid("user and password have fields of their own, not in the URL")
  }
  const path = url.pathname.replace(/^\/+|\/+$/g, "")
  if (path === "" || path === "v2") return { url: url.origin }
  return { url: url.origin, pathPrefix: readPrefix(path.replace(/^v2\//, "")) }
}

function readPrefix(prefix: string): string {
  const plain = prefix.trim().replace(/^\/+|\/+$/g, "")
  if (plain === "" || (plain.length <= 200 && findPathProblem(plain) === undefined)) return plain
  throw invalid("a path prefix is written like the path of an image: dockerhub-cache")
}

function readRegistry(written: string): string {
  const plain = written.trim()
  const isHost = /^(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/.test(plain) && plain.length <= 255
  const host = isHost ? normalizeHost(plain) : ""
  if (host === "localhost" || /[.:]/.test(host)) return host
  throw invalid("a registry is named as images name it: docker.io, ghcr.io, registry.example.com:5000")
}

function readVirtualHosts(hosts: readonly string[]): readonly string[] {
  const plain = [...new Set(hosts.map((host) => host.trim().toLowerCase()).filter((host) => host !== ""))]
  const areHosts = plain.every((host) => host.length <= 255 && /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/.test(host))
  if (plain.length <= mostVirtualHosts && areHosts) return plain
  throw invalid(`virtual hosts are at most ${mostVirtualHosts} names such as hub.mirror.example.com`)
}

function readName(name: string): string {
  const plain = name.trim()
  if (plain !== "" && plain.length <= longestName && !unprintable.test(plain)) return plain
  throw invalid(`an upstream has a name of 1 to ${longestName} printable characters`)
}

function readPriority(priority: number): number {
  if (Number.isInteger(priority) && Math.abs(priority) <= farthestPriority) return priority
  throw invalid(`a priority is a whole number from -${farthestPriority} to ${farthestPriority}; the lowest is asked first`)
}

function readLifetime(lifetimeMs: number): number {
  if (Number.isInteger(lifetimeMs) && lifetimeMs >= 0 && lifetimeMs <= longestTagLifetimeMs) return lifetimeMs
  throw invalid("a tag's lifetime is from 0 to 30 days, in milliseconds")
}

function invalid(message: string): ServiceError {
  return new ServiceError("invalid", message)
}
