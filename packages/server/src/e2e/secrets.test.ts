import { randomBytes } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { image, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { Caller, createKey } from "./caller.fixture.ts"
import { readEvents } from "./event-reader.fixture.ts"
import { filesOf, leaks } from "./leaks.fixture.ts"
import { overheard } from "./overheard.fixture.ts"
import { serverDirectory } from "./server-directory.fixture.ts"
import { buildServerProgram, startServerProcess } from "./server-process.fixture.ts"

const canary = (name: string) => `canary-${name}-${randomBytes(12).toString("hex")}`

/** What was typed, set or given out, and must be nowhere afterwards. */
const secrets = {
  defaultToken: canary("default"),
  setupCode: canary("setup"),
  serverSecret: canary("server"),
  masterKey: randomBytes(32).toString("base64"),
  newToken: canary("token"),
  mistypedToken: canary("mistyped"),
  mistypedCode: canary("code"),
  userPassword: canary("user"),
  wrongUserPassword: canary("nobody"),
  oneOffPassword: canary("once"),
  wrongOneOffPassword: canary("refused"),
  savedPassword: canary("saved"),
  changedPassword: canary("changed"),
  sourcePassword: canary("source"),
  importPassword: canary("import"),
  pastedPassword: canary("pasted"),
  strayQuery: canary("query"),
  strayBody: canary("body"),
  strayBearer: canary("bearer"),
}

const app = image({ seed: "secrets", layers: [{ sizeBytes: 3_000 }] })

/** Two registries whose tokens are heard, since they are secrets too. */
async function registries() {
  const heard: Buffer[] = []
  const ways = [await overheard(heard), await overheard(heard)] as const
  const [source, target] = await Promise.all([
    testRegistry({ images: { "team/app:1": app }, auth: { token: { robot: secrets.sourcePassword }, realm: ways[0].realm } }),
    testRegistry({
      auth: {
        token: { once: secrets.oneOffPassword, saved: secrets.savedPassword, changed: secrets.changedPassword },
        realm: ways[1].realm,
      },
    }),
  ])
  ways[0].leadTo(source.port)
  ways[1].leadTo(target.port)
  onTestFinished(async () => {
    await source.close()
    await target.close()
  })
  const tokens = () =>
    [
      ...Buffer.concat(heard)
        .toString("latin1")
        .matchAll(/^authorization: Bearer (\S+)\r$/gim),
    ].flatMap(([, token]) => token ?? [])
  return { source: ways[0], target: ways[1], tokens }
}

test("S19: no secret is in the log, an answer, a stream, a file of the data or the process list, whatever was done", {
  timeout: 60_000,
}, async () => {
  const { source, target, tokens } = await registries()
  const directory = await serverDirectory()
  await writeFile(join(directory, "master.key"), secrets.masterKey, { mode: 0o600 })
  const program = await buildServerProgram()
  const server = await startServerProcess({
    program,
    directory,
    variables: {
      LOG_LEVEL: "trace",
      DEFAULT_TOKEN: secrets.defaultToken,
      SETUP_CODE: secrets.setupCode,
      SERVER_SECRET: secrets.serverSecret,
      MASTER_KEY_FILE: "master.key",
      INSECURE_REGISTRIES: `${source.host},${target.host}`,
      TEST_GRACE_MS: "200",
    },
  })
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]()
    await program[Symbol.asyncDispose]()
  })
  const callers: Caller[] = []
  const somebody = (credentials: { cookie?: string; key?: string } = {}) => {
    const caller = new Caller(server.url, credentials)
    callers.push(caller)
    return caller
  }
  const statuses: number[] = []
  const asked = async (caller: Caller, method: string, path: string, body?: unknown) => {
    const answer = await caller.ask(method, path, body)
    statuses.push(answer.status)
    return answer
  }

  // Logins, wrong and right.
  const admin = somebody()
  await asked(admin, "POST", "/api/auth/login", { token: secrets.mistypedToken, setupCode: secrets.setupCode })
  await asked(admin, "POST", "/api/auth/login", { token: secrets.defaultToken, setupCode: secrets.mistypedCode })
  await asked(admin, "POST", "/api/auth/login", { token: secrets.defaultToken, setupCode: secrets.setupCode })
  const firstCookie = admin.cookie ?? ""
  await asked(admin, "POST", "/api/auth/token", { token: secrets.newToken })
  await admin.call("mutation", "accounts.users.create", { name: "operator", password: secrets.userPassword, role: "operator" })
  await asked(somebody(), "POST", "/api/auth/login", { username: "operator", password: secrets.wrongUserPassword })
  await asked(somebody(), "POST", "/api/auth/login", { username: "operator", password: secrets.userPassword })
  const key = await createKey(admin, "tool", ["jobs:write", "jobs:read", "admin"])
  const tool = somebody({ key })
  await asked(somebody({ key: secrets.strayBearer }), "GET", "/api/jobs")
  expect(statuses).toEqual([401, 200, 200, 200, 401, 200, 401])

  // Targets, saved and typed.
  const saved = await tool.call<{ id: number; version: number }>("mutation", "targets.create", {
    name: "harbor",
    address: target.host,
    plainHttp: true,
    username: "saved",
    password: secrets.savedPassword,
  })
  for (const password of [secrets.oneOffPassword, secrets.wrongOneOffPassword]) {
    await asked(tool, "POST", "/api/targets/check", {
      target_host: target.host,
      target_username: "once",
      target_password: password,
    })
  }
  await asked(tool, "POST", "/api/targets/check", { target_id: saved.id })

  // Jobs that succeed and jobs that fail, followed.
  const login = { source_username: "robot", source_password: secrets.sourcePassword }
  const mirror = { source_image: `${source.host}/team/app:1`, target_host: target.host, ...login }
  const streams: string[] = []
  const run = async (body: Readonly<Record<string, unknown>>) => {
    const started = await asked(tool, "POST", "/api/jobs", body)
    const { job } = started.json() as { job: { id: number } }
    const reader = await readEvents(`${server.url}/api/jobs/${job.id}/events`, tool.headers())
    await reader.ended
    streams.push(reader.text())
    return ((await tool.ask("GET", `/api/jobs/${job.id}`)).json() as { job: { status: string } }).job.status
  }
  expect(await run({ ...mirror, target_username: "once", target_password: secrets.oneOffPassword })).toBe("succeeded")
  expect(await run({ ...mirror, target_username: "once", target_password: secrets.wrongOneOffPassword })).toBe("failed")
  const { target_host: _, ...toSaved } = mirror
  expect(await run({ ...toSaved, target_id: saved.id, target_image: `${target.host}/saved/app:1` })).toBe("succeeded")
  expect(await run({ ...toSaved, source_password: secrets.importPassword, target_id: saved.id })).toBe("failed")
  await tool.call("mutation", "targets.update", {
    id: saved.id,
    version: saved.version,
    changes: { username: "changed", password: secrets.changedPassword },
  })
  expect(await run({ ...toSaved, target_id: saved.id, target_image: `${target.host}/changed/app:1` })).toBe("succeeded")
  await admin.call("mutation", "projects.create", { name: "team", path: "team", targetId: saved.id })
  const imported = { source_url: mirror.source_image, auth: { username: "robot", password: secrets.importPassword } }
  const { id: importId } = (await asked(tool, "POST", "/api/v1/projects/team/images/import", imported)).json() as { id: number }
  streams.push((await endedStream(`${server.url}/api/jobs/${importId}/events`, tool.headers())).text())

  // What people do by mistake.
  await asked(tool, "POST", "/api/jobs", {
    ...mirror,
    source_image: `https://robot:${secrets.pastedPassword}@${source.host}/team/app:1`,
  })
  await asked(tool, "POST", "/api/jobs", { ...mirror, target_host: `robot:${secrets.pastedPassword}@${target.host}` })
  await asked(tool, "GET", `/api/jobs?token=${secrets.strayQuery}`)
  await asked(tool, "GET", `/api/nothing/${"x".repeat(10)}?password=${secrets.strayQuery}`)
  await asked(tool, "POST", "/api/jobs", { password: secrets.strayBody, source_password: { not: secrets.strayBody } })
  await fetch(`${server.url}/api/jobs`, {
    method: "POST",
    headers: { ...tool.headers(), "content-type": "application/json" },
    body: `{"target_password":"${secrets.strayBody}`,
  })

  // Everything that can be looked at.
  const { ticket } = await tool.call<{ ticket: string }>("mutation", "jobs.ticket", { id: 1 })
  streams.push((await endedStream(`${server.url}/api/jobs/1/events?ticket=${ticket}`, {})).text())
  for (const path of ["/api/history?limit=200", "/api/jobs?limit=200", "/api/auth/me", "/api/openapi.json", "/api/docs"]) {
    await asked(tool, "GET", path)
  }
  for (const procedure of ["targets.list", "projects.list", "accounts.keys.list", "accounts.users.list"]) {
    await admin.call("query", procedure)
  }
  await admin.call("query", "accounts.audit", { limit: 200 })
  await admin.call("query", "jobs.list", { limit: 200, everywhere: true })
  for (const id of [1, 2, 3, 4]) await admin.call("query", "jobs.events", { id, limit: 1000 })

  const bearers = tokens()
  expect(bearers.length).toBeGreaterThan(5)
  const given = Object.fromEntries([...new Set(bearers)].map((value, at) => [`registry token ${at}`, value]))
  const cookies = callers.flatMap(({ cookie }, at) =>
    cookie === undefined ? [] : [[`session ${at}`, cookie.split("=")[1] ?? ""]],
  )
  const known = {
    ...secrets,
    ...given,
    ...(Object.fromEntries(cookies) as Record<string, string>),
    firstSession: firstCookie.split("=")[1] ?? "",
    key: /^ept_[0-9a-f]+_(.+)$/.exec(key)?.[1] ?? "",
    ticket,
  }

  const places = new Map<string, string | Buffer>()
  for (const [path, bytes] of await filesOf(join(directory, "data"))) places.set(`data/${path} while it ran`, bytes)
  places.set("process list", await readFile(`/proc/${server.pid}/cmdline`))
  await server.stop()
  for (const [path, bytes] of await filesOf(join(directory, "data"))) places.set(`data/${path}`, bytes)
  places.set("log", server.output())
  for (const [at, text] of streams.entries()) places.set(`stream ${at}`, text)
  // A key and a ticket are shown once, a session where its cookie is set; the first line is what was asked.
  const shown = /^POST \/api\/trpc\/(accounts\.keys\.create|jobs\.ticket) /
  const answers = callers.flatMap((caller) => caller.answers)
  for (const [at, answer] of answers.entries()) {
    const lines = shown.test(answer) ? [] : answer.split("\n").filter((line, n) => n > 0 && !line.startsWith("set-cookie: "))
    places.set(`answer ${at}: ${answer.split("\n")[0]}`, lines.join("\n"))
  }
  expect(leaks(places, known)).toEqual([])

  // The same search finds what is meant to be there.
  const everywhere = leaks(places, { host: target.host, event: '"succeeded"' })
  for (const place of ["log", "stream 0", "answer"]) expect(everywhere.some((found) => found.includes(`in ${place}`))).toBe(true)
  expect(everywhere.some((found) => /^host in data\/.*while it ran$/.test(found))).toBe(true)
})

async function endedStream(url: string, headers: Readonly<Record<string, string>>) {
  const reader = await readEvents(url, headers)
  await reader.ended
  return reader
}
