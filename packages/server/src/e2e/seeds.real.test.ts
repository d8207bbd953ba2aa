import { randomBytes } from "node:crypto"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { dockerRegistry, image, needs } from "@entrepot/testing"
import { describe, expect, onTestFinished, test } from "vitest"
import { type Example, examples } from "../api/rest/examples.ts"
import { type Caller, claimServer } from "./caller.fixture.ts"
import { readEvents } from "./event-reader.fixture.ts"
import { serverDirectory } from "./server-directory.fixture.ts"
import { buildServerProgram, startServerProcess } from "./server-process.fixture.ts"

const token = "a token of our own"
const login = { user: "admin", password: "Harbor-secret-1" }
const nginx = image({ seed: "nginx", layers: [{ sizeBytes: 40_000 }, { sizeBytes: 1_000 }] })

/** The running server with two registries of Debian: one to mirror from, one that wants a login. */
async function start() {
  const hub = await dockerRegistry()
  const harbor = await dockerRegistry({ htpasswd: login })
  const program = await buildServerProgram()
  const hosts = [hub.host, harbor.host].join(",")
  const directory = await serverDirectory()
  await writeFile(join(directory, "master.key"), randomBytes(32).toString("base64"), { mode: 0o600 })
  const variables = { INSECURE_REGISTRIES: hosts, MASTER_KEY_FILE: "master.key", ENTREPOT_LANG: "zh" }
  const server = await startServerProcess({ program, directory, variables })
  onTestFinished(async () => {
    for (const each of [server, program, harbor, hub]) await each[Symbol.asyncDispose]()
  })
  await hub.client.push("library/nginx:1.27", nginx)
  const admin = await claimServer(server.url, token)
  const target = await admin.call<{ id: number }>("mutation", "targets.create", {
    name: "harbor",
    address: harbor.host,
    plainHttp: true,
    username: login.user,
    password: login.password,
  })
  await admin.call("mutation", "projects.create", { name: "team", path: "team", targetId: target.id })
  return { hub, harbor, server, admin }
}

/** The answer and what was expected, without the fields that are another each time; these only have to be there. */
function withoutVarying(value: unknown, varies: readonly string[]): unknown {
  const copy = structuredClone(value) as Record<string, unknown>
  for (const path of varies) {
    const parts = path.split(".")
    const last = parts.pop() ?? ""
    const holder = parts.reduce<Record<string, unknown>>((at, part) => at[part] as Record<string, unknown>, copy)
    expect(Object.keys(holder)).toContain(last)
    holder[last] = "varies"
  }
  return copy
}

function filled(example: Example, names: Readonly<Record<string, string>>): Example {
  const text = JSON.stringify(example).replace(/\{(hub|harbor|token|id)\}/g, (_, name: string) => names[name] ?? "")
  return JSON.parse(text) as Example
}

async function followToItsEnd(admin: Caller, id: string): Promise<void> {
  const reader = await readEvents(`${admin.url}/api/v1/projects/team/images/imports/${id}/events`, admin.headers())
  await reader.ended
  expect(reader.events.at(-1)?.type).toBe("end")
}

describe.skipIf(needs("docker-registry"))("the running server and real registries", () => {
  test("seeds 0 and 1: every example is answered field by field, and what was mirrored is there", {
    timeout: 120_000,
  }, async () => {
    const { hub, harbor, admin } = await start()
    const names: Record<string, string> = { hub: hub.host, harbor: harbor.host, token }
    for (const example of examples) {
      if (example.request.includes("{id}")) await followToItsEnd(admin, names.id ?? "")
      const { title, request, body, status, answer, varies = [] } = filled(example, names)
      const [method = "", path = ""] = request.split(" ")
      const answered = await admin.ask(method, path, body)
      expect([title, answered.status, withoutVarying(answered.json(), varies)]).toEqual([
        title,
        status,
        withoutVarying(answer, varies),
      ])
      const { id } = answered.json() as { id?: number }
      if (id !== undefined) names.id = String(id)
    }
    expect(await harbor.client.holds("proxy/nginx:1.27", nginx)).toBe(true)
    expect(await harbor.client.holds("team/web/nginx:stable", nginx)).toBe(true)
    expect(await harbor.client.tags("proxy/other")).toEqual([])
  })
})
