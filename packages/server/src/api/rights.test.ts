import { expect, test } from "vitest"
import { testApi } from "./api.fixture.ts"
import { routes } from "./rest/routes.ts"
import { checkRight } from "./right.ts"
import { rightOf, rightsTable } from "./rights.ts"
import { type Belongings, furnish, procedureTrials, routeTrials, seesAll, type Trial } from "./rights-trials.fixture.ts"
import { appRouter } from "./router.ts"
import { procedureOf, tryProcedure, tryRoute } from "./try-right.fixture.ts"

const procedures = Object.keys(appRouter._def.procedures)
const routeKeys = Object.keys(routes)
const everything = [...procedures, ...routeKeys]
const rank = { viewer: 0, operator: 1, admin: 2 } as const

test("S5: the table of rights has a row for every procedure and route, and for nothing else", () => {
  expect(procedures.length).toBeGreaterThan(40)
  expect(Object.keys(rightsTable).sort()).toEqual([...everything].sort())
})

test("S5: what has no row is refused to everybody", () => {
  expect(rightOf("jobs.destroyEverything")).toBeUndefined()
  expect(rightOf("toString")).toBeUndefined()
  expect(rightOf("__proto__")).toBeUndefined()
  expect(() => checkRight(undefined, undefined)).toThrow("nobody may do this")
})

test("S5: every path has the methods of its rows and no other", async () => {
  const api = await testApi()
  const paths = [...new Set(routeKeys.map((key) => key.slice(key.indexOf(" ") + 1)))]
  for (const path of paths) {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]) {
      if (routeKeys.includes(`${method} ${path}`)) continue
      const answer = await api.ask(`${method} ${path.replace("{id}", "1").replace("{project_id}", "team")}`)
      expect([method, path, answer.status, answer.json.error.code]).toEqual([method, path, 405, "METHOD_NOT_ALLOWED"])
      expect(answer.headers.allow).toContain(routeKeys.find((key) => key.endsWith(` ${path}`))?.split(" ")[0])
    }
  }
})

test("S5: nobody who is not logged in gets anywhere but where anyone may", async () => {
  const api = await testApi()
  const mine = await furnish(api.runtime, 1)
  for (const path of everything) {
    const verdict = await (path.includes(" ") ? tryRoute : tryProcedure)(api, path, mine, {})
    if (rightOf(path)?.who === "anyone") expect([path, verdict.code]).not.toEqual([path, "unauthenticated"])
    else expect([path, verdict.status, verdict.code]).toEqual([path, 401, "unauthenticated"])
  }
})

test("S13: every procedure and route answers each role by its row, and hides what is somebody else's", {
  timeout: 60_000,
}, async () => {
  const api = await testApi({ configuration: { streams: { perCredential: 500, total: 5000 } } })
  const admin = await api.actorOf(await api.admin())
  const people = await Promise.all(
    (["operator", "viewer", "admin"] as const).map(async (role) => ({
      role,
      session: await api.user(role, `${role}-2`),
    })),
  )
  const owner = await api.actorOf(await api.user("operator", "owner"))
  await api.runtime.services.projects.create(admin, {
    name: "team",
    path: "team",
    targetId: await targetOf(api.runtime, admin.userId),
  })
  const kept = new Map<number, Promise<Belongings>>()
  const belongingsOf = (ownerId: number) => {
    const found = kept.get(ownerId) ?? furnish(api.runtime, ownerId)
    kept.set(ownerId, found)
    return found
  }
  const wrong: unknown[] = []
  for (const path of everything) {
    const right = rightOf(path)
    const trial: Trial = { ...procedureTrials, ...routeTrials }[path as keyof typeof procedureTrials]
    if (right === undefined || right.who === "anyone" || ends.includes(path)) continue
    for (const { role, session } of people) {
      const own = (await api.actorOf(session)).userId
      for (const ownerId of trial.owned === undefined ? [own] : [own, owner.userId]) {
        const mine =
          trial.owned !== undefined && changes(path) ? await furnish(api.runtime, ownerId) : await belongingsOf(ownerId)
        const attempt = path.includes(" ") ? tryRoute : tryProcedure
        const { status, code } = await attempt(api, path, mine, { as: session })
        const permitted = rank[role] >= rank[right.who]
        const visible = trial.owned === undefined || ownerId === own || (seesAll[trial.owned] as readonly string[]).includes(role)
        const expected = !permitted ? "403" : !visible ? "404" : "neither"
        const seen = status === 403 || (status === 404 && trial.owned !== undefined) ? String(status) : "neither"
        if (seen !== expected) wrong.push({ path, role, own: ownerId === own, status, code, expected })
      }
    }
  }
  expect(wrong).toEqual([])
})

test("S13: a key does what its scopes say and never what is for people", { timeout: 60_000 }, async () => {
  const api = await testApi({ configuration: { streams: { perCredential: 500, total: 5000 } } })
  const admin = await api.actorOf(await api.admin())
  await api.runtime.services.projects.create(admin, {
    name: "team",
    path: "team",
    targetId: await targetOf(api.runtime, admin.userId),
  })
  const enough = {
    any: ["pull", "push", "jobs:read", "jobs:write", "admin"],
    pull: ["pull", "push", "admin"],
    push: ["push", "admin"],
    "jobs:read": ["jobs:read", "jobs:write", "admin"],
    "jobs:write": ["jobs:write", "admin"],
    admin: ["admin"],
    none: [],
  } as const satisfies Record<string, readonly string[]>
  const wrong: unknown[] = []
  const scopes = ["pull", "push", "jobs:read", "jobs:write", "admin"] as const
  const keys = await Promise.all(
    scopes.map((scope) => api.runtime.services.accounts.createKey(admin, { name: scope, scopes: [scope], expiresAt: null })),
  )
  const mine = await furnish(api.runtime, admin.userId)
  for (const [i, scope] of scopes.entries()) {
    const secret = keys[i]?.secret ?? ""
    for (const path of everything) {
      const right = rightOf(path)
      if (right === undefined || right.who === "anyone") continue
      const { status } = await (path.includes(" ") ? tryRoute : tryProcedure)(api, path, mine, { bearer: secret })
      const permitted = (enough[right.keys] as readonly string[]).includes(scope)
      if ((status !== 403) !== permitted) wrong.push({ path, scope, status, permitted })
    }
  }
  expect(wrong).toEqual([])
})

test("S15: a session that must change its token reaches me, changeToken and logout", async () => {
  const api = await testApi()
  const login = await api.runtime.services.accounts.loginWithToken("docker-transformer", { address: "127.0.0.1" })
  const as = `entrepot_session=${login.sessionId}`
  const mine = await furnish(api.runtime, login.actor.userId)
  const reached: string[] = []
  for (const path of everything.filter((each) => rightOf(each)?.who !== "anyone" && !ends.includes(each))) {
    const { status, code } = await (path.includes(" ") ? tryRoute : tryProcedure)(api, path, mine, { as })
    if (status === 403 && code === "token_change_required") continue
    reached.push(path)
  }
  expect(reached).toEqual(["accounts.me", "accounts.changeToken", "POST /api/auth/token", "GET /api/auth/me"])
  const refused = await api.ask("GET /api/history", { as })
  expect(refused.json).toEqual({
    success: false,
    message: "请先修改默认Token",
    error: { code: "TOKEN_CHANGE_REQUIRED", detail: "the default token has to be changed before anything else" },
  })
  const changed = await api.ask("POST /api/auth/token", { as, body: { token: "a-token-of-our-own" } })
  expect(changed.json).toEqual({ success: true, message: "Token修改成功" })
  expect((await api.ask("GET /api/history", { as })).status).toBe(401)
})

test("S15: logging out is open to a session that must change its token", async () => {
  for (const path of ends) {
    const api = await testApi()
    const login = await api.runtime.services.accounts.loginWithToken("docker-transformer", { address: "127.0.0.1" })
    const as = `entrepot_session=${login.sessionId}`
    const line = path.startsWith("POST") ? path : `POST /api/trpc/${path}`
    const answer = await api.ask(line, { as })
    expect(answer.status).toBe(200)
    expect(answer.headers["set-cookie"]).toEqual(["entrepot_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"])
    expect((await api.ask("GET /api/auth/me", { as })).status).toBe(401)
  }
})

/** What a trial of it may take away or make another of. */
function changes(path: string): boolean {
  return path.includes(" ") ? !path.startsWith("GET ") : procedureOf(path)._def.type === "mutation"
}

/** These take away the session that asks. */
const ends = ["accounts.logout", "POST /api/auth/logout"]

async function targetOf(runtime: Parameters<typeof furnish>[0], ownerId: number): Promise<number> {
  const { target } = await furnish(runtime, ownerId)
  await runtime.database.targets.update(target, 1, { shared: true }, Date.now())
  return target
}
