import { createHash, randomBytes } from "node:crypto"
import { writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import { join } from "node:path"
import { rootCertificates } from "node:tls"
import { image, listenOnLoopback, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { Caller, claimServer, createKey } from "./caller.fixture.ts"
import { readEvents } from "./event-reader.fixture.ts"
import { filesOf, leaks } from "./leaks.fixture.ts"
import { serverDirectory } from "./server-directory.fixture.ts"
import { buildServerProgram, startServerProcess } from "./server-process.fixture.ts"

const canary = (name: string) => `canary-${name}-${randomBytes(12).toString("hex")}`
const md5 = (text: string) => createHash("md5").update(text).digest("hex")

/** What was typed on the pages of the registry, and must be nowhere afterwards. */
const secrets = {
  userPassword: canary("user"),
  changedUserPassword: canary("changed-user"),
  programPassword: canary("program"),
  importedPassword: canary("imported"),
  importedDigest: "",
  wrongPassword: canary("wrong"),
  upstreamPassword: canary("upstream"),
  changedUpstreamPassword: canary("changed-upstream"),
  programUpstreamPassword: canary("program-upstream"),
  checkedPassword: canary("checked"),
  wrongUpstreamPassword: canary("wrong-upstream"),
  pastedPassword: canary("pasted"),
  pastedKey: randomBytes(48).toString("base64"),
  hookPath: canary("path"),
  hookToken: canary("token"),
  hookSecret: canary("secret"),
  changedHookToken: canary("changed-token"),
  changedHookSecret: canary("changed-secret"),
  programHookToken: canary("program-token"),
  programHookSecret: canary("program-secret"),
  strayBody: canary("body"),
}
secrets.importedDigest = md5(secrets.importedPassword)

/** Somebody who says back whatever was sent, in every part of a failure, as a debugging proxy does. */
async function parrot() {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on("data", (piece: Buffer) => pieces.push(piece))
    request.once("end", () => {
      const { authorization } = request.headers
      const login = Buffer.from(authorization?.split(" ")[1] ?? "", "base64").toString()
      const message = `${authorization} ${login} ${request.url} ${Buffer.concat(pieces)}`
      const echoed = { "x-echo": encodeURIComponent(message), location: `http://127.0.0.1:9/?${encodeURIComponent(message)}` }
      const isAsked = request.url?.startsWith("/v2") && authorization === undefined
      response.writeHead(
        isAsked ? 401 : request.url?.startsWith("/v2") ? 503 : 400,
        isAsked ? { "www-authenticate": 'Basic realm="parrot"' } : echoed,
      )
      response.end(JSON.stringify({ errcode: 7, errmsg: message, errors: [{ code: "UNKNOWN", message }] }))
    })
  })
  const listening = await listenOnLoopback(server)
  onTestFinished(async () => {
    server.closeAllConnections()
    await listening.close()
  })
  return listening
}

const app = image({ seed: "registry secrets", layers: [{ sizeBytes: 3_000 }] })
const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`,
})

test("S14, S19: nothing that is typed to administer the registry is in the log, an answer, a stream, a metric or a file of the data", {
  timeout: 120_000,
}, async () => {
  const login = { basic: { robot: secrets.upstreamPassword, changed: secrets.changedUpstreamPassword } }
  const upstream = await testRegistry({ images: { "team/app:1": app }, auth: login })
  onTestFinished(() => upstream.close())
  const echo = await parrot()
  const directory = await serverDirectory()
  await writeFile(join(directory, "master.key"), randomBytes(32).toString("base64"), { mode: 0o600 })
  const program = await buildServerProgram()
  const variables = { LOG_LEVEL: "trace", MASTER_KEY_FILE: "master.key", TEST_GRACE_MS: "200" }
  const server = await startServerProcess({ program, directory, variables })
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]()
    await program[Symbol.asyncDispose]()
  })
  const admin = await claimServer(server.url, canary("owner"))
  const key = await createKey(admin, "tool", ["admin", "jobs:read"])
  const tool = new Caller(server.url, { key })
  const docker = new Caller(server.url)
  const statuses: Record<string, number> = {}
  const asked = async (what: string, caller: Caller, method: string, path: string, body?: unknown, headers = {}) => {
    const answer = await caller.ask(method, path, body, headers)
    statuses[what] = answer.status
    return answer
  }
  const called = (what: string, procedure: string, input: unknown) =>
    asked(what, admin, "POST", `/api/trpc/${procedure}`, input).then(({ text }) => JSON.parse(text).result?.data)
  const followed = await readEvents(`${server.url}/api/trpc/accessLog.follow?input=${encodeURIComponent("{}")}`, admin.headers())
  followed.ended.catch(() => undefined)

  // Who may pull.
  const ann = await called("user", "pullUsers.create", { name: "ann", password: secrets.userPassword })
  await called("imported user", "pullUsers.create", { name: "old", md5: secrets.importedDigest })
  await asked("program's user", tool, "POST", "/api/users", { username: "bob", password: secrets.programPassword })

  // Where images are read from.
  const vault = { name: "vault", registry: "vault.test", url: upstream.origin, username: "robot" }
  const made = await called("upstream", "upstreams.create", { ...vault, password: secrets.upstreamPassword })
  await asked("program's upstream", tool, "POST", "/api/registries", {
    ...{ name: "parrot", registry: "parrot.test", url: echo.origin, username: "robot" },
    password: secrets.programUpstreamPassword,
  })
  for (const url of [upstream.origin, echo.origin]) {
    await called("check", "upstreams.check", { url, username: "robot", password: secrets.checkedPassword })
  }

  // Who is told, by bots and by programs.
  const events = ["job.failed", "upstream.unhealthy", "upstream.recovered"]
  const url = `${echo.origin}/${secrets.hookPath}?access_token=${secrets.hookToken}`
  const hook = await called("webhook", "webhooks.create", {
    ...{ name: "chat", format: "feishu", url, secret: secrets.hookSecret, events },
  })
  const { webhook } = (
    await asked("program's webhook", tool, "POST", "/api/webhooks", {
      ...{ name: "program", format: "feishu", url: `${echo.origin}/${secrets.programHookToken}`, events },
      secret: secrets.programHookSecret,
    })
  ).json() as { webhook: { id: number } }

  // Who pulls.
  const token = async (what: string, name: string, password: string) => {
    const path = `/v2/auth?service=entrepot&scope=${encodeURIComponent("repository:vault.test/team/app:pull")}`
    const answer = await asked(what, docker, "GET", path, undefined, basic(name, password))
    return answer.status === 200 ? (answer.json() as { token: string }).token : ""
  }
  const tokens = [
    await token("ann", "ann", secrets.userPassword),
    await token("old", "old", secrets.importedPassword),
    await token("bob", "bob", secrets.programPassword),
  ]
  await token("wrong", "ann", secrets.wrongPassword)
  await called("changed user", "pullUsers.update", { id: ann.id, password: secrets.changedUserPassword })
  tokens.push(await token("changed", "ann", secrets.changedUserPassword))
  const pull = async (what: string, path: string, bearer = tokens[2]) => {
    await asked(what, docker, "GET", `/v2/${path}`, undefined, { authorization: `Bearer ${bearer}` })
  }
  await pull("pull", "vault.test/team/app/manifests/1")
  const changes = { username: "changed", password: secrets.changedUpstreamPassword }
  await called("changed upstream", "upstreams.update", { id: made.id, changes })
  await pull("pull again", "vault.test/team/app/manifests/1")
  await called("wrong upstream", "upstreams.update", { id: made.id, changes: { password: secrets.wrongUpstreamPassword } })
  await asked("program's change", tool, "PUT", "/api/registries", { id: made.id, password: secrets.wrongUpstreamPassword })
  await pull("refused pull", "vault.test/team/app/manifests/2")
  await called("open", "accessRules.setMode", { open: true })
  for (let index = 0; index < 4; index++) {
    await asked("echoed pull", docker, "GET", `/v2/parrot.test/team/app/manifests/${index}`)
  }

  // What a receiver says back is kept by nobody.
  await called("test", "webhooks.test", { id: hook.id })
  await asked("program's test", tool, "POST", `/api/webhooks/${webhook.id}/test`)
  const away = { url: `http://127.0.0.1:9/${secrets.changedHookToken}`, secret: secrets.changedHookSecret }
  await called("changed webhook", "webhooks.update", { id: hook.id, changes: away })
  await called("test elsewhere", "webhooks.test", { id: hook.id })
  await asked("program's other", tool, "PUT", `/api/webhooks/${webhook.id}`, {
    format: "standard",
    secret: secrets.programHookSecret,
  })
  await asked("program's other test", tool, "POST", `/api/webhooks/${webhook.id}/test`)

  // What people do by mistake.
  const pasted = `https://robot:${secrets.pastedPassword}@127.0.0.1:9`
  const pem = `${rootCertificates[0]}\n`
  const withKey = `${pem}-----BEGIN PRIVATE KEY-----\n${secrets.pastedKey}\n-----END PRIVATE KEY-----\n`
  await called("key in CA", "upstreams.update", { id: made.id, changes: { ca: withKey } })
  await called("key as CA", "upstreams.check", { url: upstream.origin, ca: withKey.slice(pem.length) })
  await called("login in upstream", "upstreams.create", { ...vault, name: "pasted", url: pasted })
  await called("login in webhook", "webhooks.create", { name: "pasted", format: "slack", url: pasted, events })
  await called("login in rule", "accessRules.create", { effect: "allow", prefix: pasted })
  await admin.ask("GET", `/api/trpc/accessRules.explain?input=${encodeURIComponent(JSON.stringify({ image: pasted }))}`)
  const stray = { not: secrets.strayBody }
  for (const [procedure, input] of [
    ["pullUsers.create", { name: "eve", password: stray }],
    ["pullUsers.create", { name: "eve", md5: secrets.strayBody }],
    ["upstreams.create", { ...vault, password: stray, ca: [secrets.strayBody] }],
    ["upstreams.create", { ...vault, name: "", password: secrets.strayBody }],
    ["webhooks.create", { name: "eve", format: "slack", url: [secrets.strayBody], secret: stray, events }],
    ["webhooks.create", { name: "eve", format: "slack", url: secrets.strayBody, secret: secrets.strayBody, events }],
    ["webhooks.create", { name: "chat", format: "standard", url: away.url, secret: secrets.strayBody, events }],
  ] as const) {
    expect((await admin.ask("POST", `/api/trpc/${procedure}`, input)).status).not.toBe(200)
  }
  for (const path of [
    "/api/trpc/pullUsers.create",
    "/api/trpc/webhooks.create",
    "/api/users",
    "/api/webhooks",
    "/api/registries",
  ]) {
    for (const body of [`{"password":"${secrets.strayBody}`, `{"secret":${secrets.strayBody}}`, secrets.strayBody]) {
      const headers = { ...admin.headers(), "content-type": "application/json" }
      const answer = await fetch(`${server.url}${path}`, { method: "POST", headers, body })
      admin.answers.push(`POST ${path} ${answer.status}\n\n${await answer.text()}`)
    }
  }
  expect(statuses).toEqual({
    ...{ user: 200, "imported user": 200, "program's user": 201, ann: 200, old: 200, bob: 200, wrong: 401 },
    ...{ "changed user": 200, changed: 200, upstream: 200, "program's upstream": 201, check: 200, pull: 200 },
    ...{ "changed upstream": 200, "pull again": 200, "wrong upstream": 200, "program's change": 200, "refused pull": 404 },
    ...{ open: 200, "echoed pull": 502, webhook: 200, "program's webhook": 201, test: 200, "program's test": 200 },
    ...{ "changed webhook": 200, "test elsewhere": 200, "program's other": 200, "program's other test": 200 },
    ...{ "key in CA": 400, "key as CA": 400, "login in upstream": 400, "login in webhook": 400, "login in rule": 400 },
  })

  // Everything that can be looked at.
  for (const procedure of ["upstreams.list", "pullUsers.list", "accessRules.list", "webhooks.list", "registry.care"]) {
    await admin.call("query", procedure, {})
  }
  await admin.call("query", "accounts.audit", { limit: 200 })
  await admin.call("query", "accessLog.list", { limit: 500 })
  const { deliveries } = await admin.call<{ deliveries: { id: number; event: string }[] }>("query", "webhooks.deliveries", {
    limit: 200,
  })
  expect(deliveries.map(({ event }) => event)).toContain("upstream.unhealthy")
  for (const { id } of deliveries) await admin.call("query", "webhooks.delivery", { id })
  await admin.call("query", "statistics.served", { since: Date.now() - 3_600_000, step: "hour" })
  for (const path of ["/metrics", "/api/registries", "/api/users", "/api/logs", "/api/logs/export?format=csv", "/api/webhooks"]) {
    await tool.ask("GET", path)
  }
  await followed.until(({ data }) => data.includes("parrot.test/team/app"))

  const known = { ...secrets, ...Object.fromEntries(tokens.map((value, at) => [`registry token ${at}`, value])), key }
  const places = new Map<string, string | Buffer>()
  for (const [path, bytes] of await filesOf(join(directory, "data"))) places.set(`data/${path} while it ran`, bytes)
  await server.stop()
  for (const [path, bytes] of await filesOf(join(directory, "data"))) places.set(`data/${path}`, bytes)
  places.set("log", server.output())
  places.set("stream", followed.text())
  // A key and a token are shown once.
  const shown = /^(?:POST \/api\/trpc\/accounts\.keys\.create|GET \/v2\/auth\?\S*) 200/
  for (const [at, answer] of [admin, tool, docker].flatMap(({ answers }) => answers).entries()) {
    if (!shown.test(answer)) places.set(`answer ${at}: ${answer.split("\n")[0]}`, answer.slice(answer.indexOf("\n")))
  }
  expect(leaks(places, known)).toEqual([])

  // The same search finds what is meant to be there.
  const everywhere = leaks(places, { host: echo.host, repository: "parrot.test/team/app" })
  for (const place of ["host in log", "repository in stream", "host in answer", "host in data"]) {
    expect(
      everywhere.some((found) => found.startsWith(place)),
      place,
    ).toBe(true)
  }
})
