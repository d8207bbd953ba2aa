import { join } from "node:path"
import {
  type Answer,
  type CountingProxy,
  countingProxy,
  image,
  type Nginx,
  RegistryClient,
  type TestImage,
  type TestRegistry,
  testRegistry,
} from "@entrepot/testing"
import { type Caller, claimServer, createKey } from "../caller.fixture.ts"
import { type Keep, keepAll, keepServer } from "./keep-all.fixture.ts"
import { nginxFront } from "./nginx-front.fixture.ts"

const imageOf = (seed: string) => image({ seed, layers: [{ sizeBytes: 3_000_000 }] })

/** What is where: projects `team` (private) and `open` (public), ann is a member of both; upstream `free` (on the whitelist) and `paid`. */
export const kept = {
  "team/app": imageOf("team"),
  "open/app": imageOf("open"),
  "library/free": imageOf("free"),
  "library/paid": imageOf("paid"),
} as const satisfies Readonly<Record<string, TestImage>>

export type KeptName = keyof typeof kept

export type Person = "nobody" | "ann" | "ben"

/** nginx before a server that people log in to. */
export interface NginxScene extends AsyncDisposable {
  readonly front: Nginx
  readonly hub: TestRegistry
  /** Stands between nginx and the server, and counts. */
  readonly behind: CountingProxy
  readonly admin: Caller
  readonly projects: Readonly<Record<"team" | "open", number>>
  /** Through nginx. */
  ask(person: Person, method: string, path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** Through nginx, with a key that pushes. */
  readonly pusher: RegistryClient
}

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`

/** Tags are public for a second. */
export function nginxScene(variables: Readonly<Record<string, string>> = {}): Promise<NginxScene> {
  return keepAll((keep) => open(keep, variables))
}

async function open(
  keep: Keep,
  variables: Readonly<Record<string, string>>,
): Promise<Omit<NginxScene, typeof Symbol.asyncDispose>> {
  const images = { "library/free:1": kept["library/free"], "library/paid:1": kept["library/paid"] }
  const hub = keep(await testRegistry({ images }))
  const { server, directory } = await keepServer(keep, {
    ...{ UPSTREAM_REGISTRY: hub.origin, INSECURE_REGISTRIES: hub.host, TRUSTED_PROXIES: "127.0.0.1" },
    ...{ REGISTRY_TAG_TTL: "1s", ...variables },
  })
  const behind = keep(await countingProxy(new URL(server.url).host))
  const front = keep(await nginxFront(behind.host, join(directory, "data", "registry")))
  const admin = await claimServer(server.url, "a token of our own")
  const projects = await fill(admin)
  const key = await createKey(admin, "ci", ["push"])
  const pusher = new RegistryClient({ origin: front.origin, authorization: () => basic("ci", key) })
  for (const name of ["team/app", "open/app"] as const) await pusher.push(`${name}:1`, kept[name])
  const clients: Readonly<Record<Person, RegistryClient>> = {
    nobody: new RegistryClient({ origin: front.origin }),
    ann: new RegistryClient({ origin: front.origin, authorization: () => basic("ann", "password of ann") }),
    ben: new RegistryClient({ origin: front.origin, authorization: () => basic("ben", "password of ben") }),
  }
  const ask: NginxScene["ask"] = (person, method, path, headers) => clients[person].request(method, path, headers)
  return { front, hub, behind, admin, projects, pusher, ask }
}

/** Users, whitelist and projects. */
async function fill(admin: Caller): Promise<NginxScene["projects"]> {
  const create = async (name: string) => (await admin.call<{ id: number }>("mutation", "projects.create", { name })).id
  const projects = { team: await create("team"), open: await create("open") }
  await admin.call("mutation", "projects.update", { id: projects.open, isPublic: true })
  const addUser = (name: string) =>
    admin.call<{ id: number }>("mutation", "pullUsers.create", { name, password: `password of ${name}` })
  const { id: ann } = await addUser("ann")
  await addUser("ben")
  for (const projectId of Object.values(projects)) {
    await admin.call("mutation", "projects.members.put", { projectId, kind: "pull-user", memberId: ann, role: "pull" })
  }
  await admin.call("mutation", "accessRules.create", { effect: "allow", prefix: "library/free" })
  return projects
}
