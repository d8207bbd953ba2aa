import { type CountingProxy, countingProxy, dockerRegistry, image, index, runnableImage } from "@entrepot/testing"
import { type Caller, claimServer, createKey } from "../caller.fixture.ts"
import type { ServerProcess } from "../server-process.fixture.ts"
import { type Keep, keepAll, keepServer } from "./keep-all.fixture.ts"

/** A server before two registries of Debian, of which one stands in for docker.io and one for all others, and nobody else whom it could ask. */
export interface PullScene extends AsyncDisposable {
  /** Of the server, as in an image name. */
  readonly host: string
  readonly server: ServerProcess
  readonly admin: Caller
  /** Who may push to project `team`. */
  readonly pusher: { readonly user: string; readonly password: string }
  /** How many blobs the upstreams were asked for since the last time that this was called. */
  blobsAsked(): number
  switchUpstreamsOff(): Promise<void>
}

/** An image of two platforms: the one of this machine prints `message` when it is run. */
function runnableIndex(message: string) {
  const native = runnableImage({ message, mediaTypes: "oci", extraLayers: [{ sizeBytes: 300_000 }] })
  const other = image({ seed: message, platform: { os: "linux", architecture: "arm64" }, layers: [{ sizeBytes: 10_000 }] })
  return { whole: index([native, other]), native, message }
}

/** What is at the upstreams: `library/hello:1` and `library/named:1` of docker.io, `tools/hello:1` and `tools/more:1` of both others. */
export const images = {
  hello: runnableIndex("from the hub"),
  named: runnableIndex("from the hub, by name"),
  tools: runnableIndex("from elsewhere"),
  more: runnableIndex("from elsewhere too"),
} as const

/** Names in references of what is not in docker.io. The second has a port, as containerd's `ns=` then has too. */
export const registries = ["gcr.io", "registry.example:5000"] as const

/** Tags are believed for a second, so that what is pulled with the upstreams off is what could not be asked for. */
export function pullScene(): Promise<PullScene> {
  return keepAll(open)
}

async function open(keep: Keep): Promise<Omit<PullScene, typeof Symbol.asyncDispose>> {
  const [hub, elsewhere] = [keep(await dockerRegistry()), keep(await dockerRegistry())]
  await hub.client.push("library/hello:1", images.hello.whole)
  await hub.client.push("library/named:1", images.named.whole)
  await elsewhere.client.push("tools/hello:1", images.tools.whole)
  await elsewhere.client.push("tools/more:1", images.more.whole)
  const doors: readonly CountingProxy[] = [keep(await countingProxy(hub.host)), keep(await countingProxy(elsewhere.host))]
  const [hubDoor, elsewhereDoor] = doors.map(({ origin }) => origin)
  const { server } = await keepServer(keep, {
    UPSTREAM_REGISTRY: hubDoor ?? "",
    INSECURE_REGISTRIES: doors.map(({ host }) => host).join(","),
    REGISTRY_TAG_TTL: "1s",
  })
  const admin = await claimServer(server.url, "a token of our own")
  await leadTo(admin, elsewhereDoor ?? "")
  await admin.call("mutation", "projects.create", { name: "team" })
  const password = await createKey(admin, "ci", ["push"])
  return {
    ...{ host: new URL(server.url).host, server, admin, pusher: { user: "ci", password } },
    blobsAsked() {
      const asked = doors.reduce((sum, door) => sum + door.count("GET blob"), 0)
      for (const door of doors) door.clear()
      return asked
    },
    async switchUpstreamsOff() {
      for (const upstream of [...doors, hub, elsewhere]) await upstream[Symbol.asyncDispose]()
    },
  }
}

interface SavedUpstream {
  readonly id: number
  readonly configured: boolean
}

/** In place of the well-known registries, which are not to be dialled, all `registries` are found at `url`. */
async function leadTo(admin: Caller, url: string): Promise<void> {
  const { upstreams } = await admin.call<{ upstreams: SavedUpstream[] }>("query", "upstreams.list")
  for (const { id } of upstreams.filter(({ configured }) => !configured)) await admin.call("mutation", "upstreams.remove", { id })
  for (const registry of registries) await admin.call("mutation", "upstreams.create", { name: registry, registry, url })
}
