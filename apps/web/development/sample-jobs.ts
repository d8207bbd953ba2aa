import { createEntrepotClient, type EntrepotClient } from "@entrepot/client"
import type { SampleRegistries } from "./sample-registries.ts"

/** Logs in, makes an API key and a saved target, and starts jobs of every kind: ended well and badly, waiting, running for minutes, queued. */
export async function sampleJobs(url: string, token: string, registries: SampleRegistries): Promise<{ readonly key: string }> {
  const person = await logIn(url, token)
  const { secret: key } = await person.accounts.keys.create.mutate({
    name: "development",
    scopes: ["jobs:read", "jobs:write"],
    expiresAt: null,
  })
  const { id: targetId } = await person.targets.create.mutate({
    name: "test registry",
    address: `${registries.target.host}/proxy`,
    username: "developer",
    password: "made-up",
    shared: true,
  })
  person.close()

  const client = createEntrepotClient({ url, token: key })
  const { source, slow, limited } = registries
  const start = (image: string) => client.jobs.start.mutate({ image, target: { targetId } })
  for (const image of ["library/nginx:1.27", "library/redis:7", "library/broken:1"]) {
    const { id } = await start(`${source.host}/${image}`)
    for await (const _ of client.jobs.follow(id));
  }
  await start(`${limited.host}/library/busy:1`)
  await start(`${slow.host}/library/large:1`)
  await start(`${slow.host}/library/larger:1`)
  await client.jobs.startBatch.mutate({
    title: "a batch that waits for its turn",
    images: [`${source.host}/team/tools:2`, `${source.host}/library/redis:7`],
    target: { targetId },
  })
  client.close()
  return { key }
}

async function logIn(url: string, token: string): Promise<EntrepotClient> {
  const answer = await fetch(`${url}/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  })
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(";", 1)[0])
    .join("; ")
  if (!answer.ok) throw new Error(`could not log in to ${url}: ${await answer.text()}`)
  return createEntrepotClient({
    url,
    fetch: (target, init) => {
      const headers = new Headers(init?.headers)
      headers.set("cookie", cookie)
      headers.set("origin", url)
      return fetch(target, { ...init, headers })
    },
  })
}
