import type { AccessRecord, AccessRule } from "@entrepot/db/stores"
import { z } from "zod"
import type { PullUserView } from "../../pull-access/pull-access-service.ts"
import type { UpstreamView } from "../../registry/upstreams/upstream-service.ts"
import { timeOf, timeSchema } from "./fields.ts"

/** Seed 3's things in its words. */

export const upstreamViewSchema = z
  .object({
    id: z.number(),
    name: z.string(),
    /** Where it is: `https://registry-1.docker.io`. */
    url: z.string(),
    /** Registry whose images it serves: `docker.io`. */
    registry: z.string(),
    /** Set before the name of an image there. */
    prefix: z.string(),
    /** The lowest is asked first. */
    priority: z.number(),
    enabled: z.boolean(),
    virtual_hosts: z.array(z.string()),
    /** Seconds; null for the server's own. */
    tag_ttl: z.number().nullable(),
    tls_verify: z.boolean(),
    username: z.string().nullable(),
    has_password: z.boolean(),
    /** Whether it is asked now; false while it is left alone after failures. */
    available: z.boolean(),
    last_error: z.string().nullable(),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: "RegistrySource" })

export function viewUpstream(upstream: UpstreamView): z.input<typeof upstreamViewSchema> {
  const { id, name, url, registry, pathPrefix, priority, enabled, virtualHosts, tagLifetimeMs, tlsVerify, username } = upstream
  return {
    ...{ id, name, url, registry, prefix: pathPrefix, priority, enabled },
    virtual_hosts: [...virtualHosts],
    tag_ttl: tagLifetimeMs === null ? null : tagLifetimeMs / 1000,
    tls_verify: tlsVerify,
    username,
    has_password: upstream.hasPassword,
    available: enabled && upstream.health?.circuit !== "open",
    last_error: upstream.health?.lastError ?? null,
    created_at: timeOf(upstream.createdAt),
    updated_at: timeOf(upstream.updatedAt),
  }
}

export const whitelistSchema = z
  .object({ id: z.number(), prefix: z.string(), created_at: timeSchema })
  .meta({ id: "WhitelistEntry" })

export function viewWhitelist({ id, prefix, createdAt }: AccessRule): z.input<typeof whitelistSchema> {
  return { id, prefix, created_at: timeOf(createdAt) }
}

export const pullUserViewSchema = z
  .object({ id: z.number(), username: z.string(), enabled: z.boolean(), created_at: timeSchema, updated_at: timeSchema })
  .meta({ id: "RegistryUser" })

export function viewPullUser({ id, name, disabled, createdAt, updatedAt }: PullUserView): z.input<typeof pullUserViewSchema> {
  return { id, username: name, enabled: !disabled, created_at: timeOf(createdAt), updated_at: timeOf(updatedAt) }
}

export const accessViewSchema = z
  .object({
    id: z.number(),
    time: timeSchema,
    /** Empty for somebody who showed no login. */
    username: z.string(),
    ip: z.string(),
    action: z.string(),
    method: z.string(),
    image: z.string(),
    /** Tag, digest, or the words of a search. */
    reference: z.string(),
    status: z.number(),
    bytes: z.number(),
    /** Milliseconds. */
    duration: z.number(),
    /** `hit`, `revalidated`, `miss`, `stale`. */
    cache: z.string().nullable(),
    upstream: z.string().nullable(),
    user_agent: z.string(),
  })
  .meta({ id: "AccessLogEntry" })

export function viewAccess(entry: AccessRecord): z.input<typeof accessViewSchema> {
  const { id, at, user, address, action, method, repository, reference, status, bytes, durationMs, cache, upstream } = entry
  return {
    ...{ id, time: timeOf(at), username: user, ip: address, action, method, image: repository, reference, status, bytes },
    ...{ duration: durationMs, cache, upstream, user_agent: entry.userAgent },
  }
}
