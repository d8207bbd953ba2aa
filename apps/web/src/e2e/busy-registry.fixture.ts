import type { Site } from "./site.fixture.ts"

const registry = "registry.example"

/** Gives a site's own registry what its pages show: pulls, a rule of either kind, somebody who pulls, a webhook that got no good answer, and a care run. */
export async function useRegistry({ client, source, url }: Site): Promise<void> {
  await client.upstreams.create.mutate({ name: "Registry of the office", registry, url: `http://${source.host}` })
  for (const tag of ["3.1", "3.1", "missing"]) {
    const answer = await fetch(`${url}/v2/${registry}/team/tools/manifests/${tag}`)
    await answer.arrayBuffer()
  }
  await client.pullUsers.create.mutate({ name: "cluster", password: "a password for pulling" })
  await client.accessRules.create.mutate({ effect: "allow", prefix: `${registry}/team` })
  await client.accessRules.create.mutate({ effect: "deny", prefix: `${registry}/batch` })
  const { id } = await client.webhooks.create.mutate({
    name: "chat of the office",
    format: "standard",
    url: `http://${source.host}/hooks`,
    events: ["job.failed"],
  })
  await client.webhooks.test.mutate({ id })
  await client.registry.startCare.mutate({ kind: "garbage" })
}
