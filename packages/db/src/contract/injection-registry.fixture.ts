import { expect } from "vitest"
import type { Database } from "../stores.ts"

/** Puts a text wherever the registry's stores take one, and finds it again as `kept`; nothing else is there. */
export async function keepsInRegistry(database: Database, text: string, kept: string, projectId: number): Promise<void> {
  const { warehouse, upstreams, pullUsers, accessRules, projectMembers, accessLog } = database
  const { id: repositoryId } = await warehouse.ensureRepository({ name: text, projectId, registry: text }, 1)
  expect(await warehouse.repository(text)).toMatchObject({ id: repositoryId, name: kept, registry: kept })
  expect(await warehouse.listRepositories({ registry: text, after: "", limit: 10 })).toHaveLength(1)
  const reference = { digest: kept, kind: "blob", sizeBytes: 1 } as const
  const about = { mediaType: text, sizeBytes: 1, artifactType: text, subject: text, annotations: { [text]: text } }
  const manifest = { digest: text, ...about }
  const put = { repositoryId, manifest, bytes: Buffer.from(text), references: [reference], tag: text }
  expect((await warehouse.putManifest({ ...put, complete: true }, 1)).missing).toEqual([reference])
  await warehouse.addBlob({ digest: text, sizeBytes: 1, repositoryId }, 1)
  expect((await warehouse.putManifest({ ...put, complete: true }, 1)).missing).toEqual([])
  expect(await warehouse.manifest(repositoryId, text)).toMatchObject({ bytes: Buffer.from(text), annotations: about.annotations })
  const first = { limit: 9, longestAnnotations: 10_000 }
  expect(await warehouse.referrers(repositoryId, text, { ...first, artifactType: text })).toHaveLength(1)
  expect(await warehouse.referrers(repositoryId, text, { ...first, after: text })).toEqual([])
  expect(await warehouse.tag(repositoryId, text)).toMatchObject({ name: kept, digest: kept })
  expect(await warehouse.setTag(repositoryId, text, `${text}x`, 1)).toBe(false)
  expect(await warehouse.referenceIn(repositoryId, text)).toEqual(reference)
  expect(await warehouse.linkedBlob(repositoryId, text)).toMatchObject({ blob: { digest: kept } })
  await warehouse.touch({ blobs: [text], manifests: [{ repositoryId, digest: text }] }, 2)
  expect(await warehouse.dropUnneededBlob(text, 10)).toBe(false)
  await warehouse.createUpload({ id: text, repositoryId, algorithm: text as never, startedAt: 1 })
  expect(await warehouse.upload(repositoryId, text)).toMatchObject({ id: kept })
  expect(await warehouse.removeUpload(text)).toBe(true)
  expect(await warehouse.deleteManifest(repositoryId, text)).toBe(true)
  expect(await warehouse.dropUnneededBlob(text, 10)).toBe(true)
  expect(await warehouse.removeRepository(repositoryId)).toBe(true)

  const texts = { name: text, registry: text, url: text, pathPrefix: text, ca: text, username: text, sealed: text }
  const numbers = { priority: 1, enabled: true, tagLifetimeMs: null, tlsVerify: true, version: 1 }
  const upstream = await upstreams.create({ ...texts, ...numbers, virtualHosts: [text] }, 1)
  expect(await upstreams.get(upstream.id)).toMatchObject({ url: kept, virtualHosts: [text] })
  const user = await pullUsers.create({ name: text, passwordHash: text }, 1)
  expect(await pullUsers.byName(text)).toEqual(user)
  await accessRules.create({ effect: text as never, prefix: text }, 1)
  expect(await accessRules.list(text as never)).toHaveLength(1)
  expect(await projectMembers.put({ projectId, kind: "pull-user", memberId: user.id, role: text as never })).toBe(true)
  expect(await projectMembers.remove(projectId, text as never, user.id)).toBe(false)

  const request = { user: text, address: text, action: text, method: text, repository: text, reference: text, cache: text }
  await accessLog.append([{ ...request, at: 1, status: 200, bytes: 1, durationMs: 1, upstream: text, userAgent: text }])
  for (const filter of ["user", "address", "action", "repository", "cache"] as const) {
    const wanted = filter === "repository" && text.endsWith("/") ? {} : { [filter]: text }
    expect(await accessLog.list({ limit: 10, ...wanted, status: 200 })).toMatchObject([{ reference: kept, userAgent: kept }])
  }
  expect(await accessLog.clear()).toBe(1)
  await keepsInAdministration(database, text, kept)
}

async function keepsInAdministration({ served, careRuns, webhooks }: Database, text: string, kept: string): Promise<void> {
  const counts = { requests: 1, pulls: 1, refused: 0, failures: 0, hits: 0, stale: 0, misses: 0 }
  const bytes = { bytesSent: 1, bytesPushed: 0, bytesFetched: 0 }
  const upstream = { host: text, requests: 1, failures: 0, waitMs: 1, bytesFetched: 1 }
  const pulled = { repository: text, pulls: 1, bytesSent: 1 }
  for (let times = 0; times < 2; times++) {
    await served.add([{ ...counts, ...bytes, hour: 24, upstreams: [upstream], repositories: [pulled] }])
  }
  expect((await served.tallies([24, 25])).upstreams).toMatchObject([{ host: kept, requests: 2 }])
  expect(await served.mostPulled({ since: 1, until: 2, limit: 9 })).toEqual([{ repository: kept, pulls: 2, bytesSent: 2 }])

  const run = await careRuns.begin({ kind: text as never, by: text }, 1)
  await careRuns.note(run, { findings: text, error: text })
  expect(await careRuns.list(9)).toMatchObject([{ kind: kept, by: kept, findings: kept, error: kept }])

  const names = { name: text, format: text as never, host: text, sealed: text, locale: text as never }
  const webhook = await webhooks.create({ ...names, events: [text as never], enabled: true, version: 1 }, 1)
  expect(await webhooks.get(webhook.id)).toMatchObject({ name: kept, format: kept, events: [text] })
  expect(await webhooks.tell(text as never, { subject: text, facts: text }, 1)).toBe(1)
  expect(await webhooks.tell(text as never, { subject: text, facts: text, quietSince: 1 }, 1)).toBe(0)
  expect(await webhooks.tellOne(webhook.id, text as never, text, 2)).toMatchObject({ event: kept, facts: kept })
  const [claimed] = await webhooks.claim(2, 10, 9)
  expect(claimed).toMatchObject({ event: kept })
  await webhooks.settle(claimed?.id ?? 0, 1, { state: text as never, status: 1, error: text, durationMs: 1, nextAt: null, at: 3 })
  expect(await webhooks.delivery(claimed?.id ?? 0)).toMatchObject({ state: kept, error: kept })
  expect(await webhooks.remove(webhook.id)).toBe(true)
}
