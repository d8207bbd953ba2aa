import type { EntrepotClient, MirrorRequest } from "@entrepot/client"
import { image, linkProxy, testRegistry } from "@entrepot/testing"
import { useRegistry } from "./busy-registry.fixture.ts"
import { type Site, targetLogin } from "./site.fixture.ts"

/** What goes on at a site, by the number of its job. */
export interface BusySite extends AsyncDisposable {
  readonly targetId: number
  readonly succeeded: number
  readonly failed: number
  /** For as long as anybody looks. */
  readonly running: number
  readonly waiting: number
  readonly batch: number
  /** A repository of the site's own registry, with the tag 1.27. */
  readonly stored: string
}

/** Gives a site a saved target, a key, a user, a schedule, an image in its own registry, and a job of every kind. */
export async function makeBusy(site: Site): Promise<BusySite> {
  const { client, source } = site
  // With a round trip, so that senders hold back: without one, what they queue at this speed takes longer than any reader waits.
  const slow = await linkProxy(source.host, { bandwidthBitsPerSecond: 80_000, rttMs: 100 })
  const limited = await testRegistry({ images: { "library/busy:1": image({ seed: "busy" }) } })
  const tooMany = { as: "status", status: 429, headers: { "retry-after": "900" }, times: Number.POSITIVE_INFINITY } as const
  for (const method of ["GET *", "HEAD *"]) limited.fail(method, tooMany)

  const { id: targetId } = await client.targets.create.mutate({
    name: "Harbor of the office",
    address: `${site.target.host}/proxy`,
    ...targetLogin,
    shared: true,
  })
  await client.accounts.keys.create.mutate({ name: "build server", scopes: ["jobs:read", "jobs:write"] })
  await client.accounts.users.create.mutate({ name: "wang", password: "a password for this test", role: "operator" })
  await client.schedules.create.mutate({
    name: "tools, every night",
    cron: "0 3 * * *",
    request: { image: `${source.host}/team/tools:3.1` },
    targetId,
  })
  const target = { targetId }
  const succeeded = await finishedJob(client, { image: `${source.host}/library/shop:1.27`, target })
  const { host } = await client.registry.place.query()
  const stored = "proxy/shop"
  await finishedJob(client, { image: `${source.host}/library/shop:1.27`, targetImage: `${host}/${stored}:1.27` })
  await useRegistry(site)
  const failed = await finishedJob(client, {
    image: `${source.host}/library/layered:2`,
    target: { address: `${site.target.host}/proxy`, username: targetLogin.username, password: "wrong" },
  })
  const waiting = await client.jobs.start.mutate({ image: `${limited.host}/library/busy:1`, target })
  const batch = await client.jobs.startBatch.mutate({
    title: "services of the shop",
    images: [1, 2, 3].map((at) => `${source.host}/batch/service-${at}:1.${at - 1}`),
    target,
  })
  const running = await client.jobs.start.mutate({
    image: `${slow.host}/library/layered:2`,
    targetImage: `${site.target.host}/slow/layered:2`,
    target,
  })
  return {
    targetId,
    succeeded,
    failed,
    running: running.id,
    waiting: waiting.id,
    batch: batch.id,
    stored,
    async [Symbol.asyncDispose]() {
      await slow[Symbol.asyncDispose]()
      await limited.close()
    },
  }
}

/** Starts a job, and waits for its end, good or bad. */
export async function finishedJob(client: EntrepotClient, request: MirrorRequest): Promise<number> {
  const { id } = await client.jobs.start.mutate(request)
  for await (const _ of client.jobs.follow(id));
  return id
}
