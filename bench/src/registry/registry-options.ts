import { parseArgs } from "node:util"

export const registryWorkloads = ["manifests", "blobs", "one-blob", "cold", "clients"] as const
export type RegistryWorkload = (typeof registryWorkloads)[number]

export const registryPeers = ["entrepot", "distribution", "nginx"] as const
export type RegistryPeer = (typeof registryPeers)[number]

export interface RegistryBenchOptions {
  readonly only: readonly RegistryWorkload[]
  readonly peers: readonly RegistryPeer[]
  readonly connections: readonly number[]
  readonly seconds: number
  readonly runs: number
  readonly markdown: string | undefined
  readonly profile: string | undefined
  readonly help: boolean
}

export const registryHelpText = `Usage: pnpm bench registry [options]

Measures /v2 as a pull-through cache, beside Debian's docker-registry as a proxy and nginx with proxy_cache. Needs docker-registry, nginx, wrk and curl.

  --only LIST          manifests, blobs, one-blob, cold, clients; by comma (default all)
  --peers LIST         entrepot, distribution, nginx; by comma (default all)
  --connections LIST   for manifests and blobs (default 1,16,128,512)
  --seconds N          each of those runs (default 5)
  --runs N             pulls of the others, of which the median counts (default 5)
  --profile DIRECTORY  a processor profile of our server is written there
  --markdown FILE      write the tables there
  --help
`

/** @throws TypeError for an option that does not exist. */
export function parseRegistryOptions(args: readonly string[]): RegistryBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: registryWorkloads.join(",") },
      peers: { type: "string", default: registryPeers.join(",") },
      connections: { type: "string", default: "1,16,128,512" },
      seconds: { type: "string", default: "5" },
      runs: { type: "string", default: "5" },
      profile: { type: "string" },
      markdown: { type: "string" },
      help: { type: "boolean", default: false },
    },
  })
  const chosen = <Name extends string>(text: string, names: readonly Name[]) =>
    names.filter((name) => text.split(",").includes(name))
  return {
    only: chosen(values.only, registryWorkloads),
    peers: chosen(values.peers, registryPeers),
    connections: values.connections.split(",").map(Number),
    seconds: Math.max(1, Number(values.seconds)),
    runs: Math.max(1, Number(values.runs)),
    markdown: values.markdown,
    profile: values.profile,
    help: values.help,
  }
}
