import { expect, test } from "vitest"
import { openTestAccounts, origin, ownToken } from "./accounts.fixture.ts"
import { legible } from "./audit-trail.ts"

test("S19: no token, password, session, key or ticket is in the database, its log of changes, or what was logged", async () => {
  await using test = await openTestAccounts({ setupCode: "canary setup code" })
  const { accounts } = test
  const canaries: string[] = ["canary setup code", "canary wrong token", "canary first token", "canary second token"]
  await accounts.loginWithToken("canary wrong token", origin).catch(String)
  const first = await accounts.loginWithToken("docker-transformer", origin, "canary setup code")
  const { actor: admin, sessionId } = await accounts.changeToken(first.actor, "canary first token")
  const { secret } = await accounts.createKey(admin, { name: "ci", scopes: ["admin"], expiresAt: null })
  await accounts.byBearer(secret, origin.address)
  await accounts.byBearer(`${secret.slice(0, -4)}wXyZ`, origin.address)
  const { ticket } = await accounts.issueTicket(admin, 1)
  await accounts.byBearer(ticket, origin.address)
  await accounts.byBearer(`${ticket.slice(0, -4)}wXyZ`, origin.address)
  await accounts.createUser(admin, { name: "ann", password: "canary password of ann", role: "admin" })
  await accounts.loginWithPassword("ann", "canary wrong password", origin).catch(String)
  const ann = await accounts.loginWithPassword("ann", "canary password of ann", origin)
  await accounts.changePassword(ann.actor, "canary password of ann", "canary password two")
  await accounts.updateUser(admin, ann.actor.userId, { password: "canary password three" })
  await accounts.changeToken(admin, "canary second token")
  const reset = await accounts.resetToken()
  canaries.push(sessionId, first.sessionId, ann.sessionId, secret, secret.slice(21), ticket, ticket.split(".")[2] ?? "", reset)
  canaries.push("canary password of ann", "canary wrong password", "canary password two", "canary password three")

  const bytes = await test.fileBytes()
  const audit = JSON.stringify(await test.stores.audit.list({ limit: 200 }))
  expect(bytes.includes("scrypt$")).toBe(true)
  expect(audit).toContain("token.change")
  expect(test.logged()).toContain("password.change")
  for (const canary of canaries) {
    expect(canary.length).toBeGreaterThan(10)
    for (const form of [canary, Buffer.from(canary).toString("base64"), encodeURIComponent(canary)]) {
      expect(bytes.includes(form), form).toBe(false)
      expect(test.logged()).not.toContain(form)
    }
  }
})

test("the audit log names who did what, and what was refused", async () => {
  await using test = await openTestAccounts()
  const { accounts } = test
  const { actor } = await accounts.loginWithToken("docker-transformer", origin)
  const { actor: admin } = await accounts.changeToken(actor, ownToken)
  await accounts.loginWithPassword("eve", "guess", { address: "198.51.100.7" }).catch(String)
  const { key } = await accounts.createKey(admin, { name: "ci", scopes: ["pull", "admin"], expiresAt: null })
  await accounts.removeKey(admin, key.id)
  const ann = await accounts.createUser(admin, { name: "ann", password: "password of ann", role: "viewer" })
  await accounts.updateUser(admin, ann.id, { role: "operator", password: "password two", disabled: true })
  await accounts.removeUser(admin, ann.id)
  const rows = (await accounts.audit(admin, { limit: 200 })).map(
    ({ actorId, actorName, action, subject, outcome, address }) =>
      `${actorId} ${actorName} ${action} [${subject}] ${outcome} ${address}`,
  )
  expect(rows.reverse()).toEqual([
    "1 admin login [admin] ok 192.0.2.1",
    "1 admin token.change [admin] ok 192.0.2.1",
    "null eve login [eve] refused 198.51.100.7",
    `1 admin key.create [ci (${key.id}: pull, admin)] ok 192.0.2.1`,
    `1 admin key.remove [ci (${key.id})] ok 192.0.2.1`,
    "1 admin user.create [ann (viewer)] ok 192.0.2.1",
    "1 admin user.update [ann: role operator, password, disabled] ok 192.0.2.1",
    "1 admin user.remove [ann] ok 192.0.2.1",
  ])
})

test("a name from outside neither fills the log nor writes lines of its own into it", async () => {
  await using test = await openTestAccounts()
  const name = `eve\n{"level":30}\u001b[2J\u202e${"x".repeat(100_000)}`
  await test.accounts.loginWithPassword(name, "guess", origin).catch(String)
  const [row] = await test.stores.audit.list({ limit: 1 })
  expect(row?.actorName).toBe(`eve\uFFFD{"level":30}\uFFFD[2J\uFFFD${"x".repeat(179)}…`)
  expect(row?.subject).toBe(row?.actorName)
  expect(test.logged().length).toBeLessThan(2000)
})

test.each([
  ["ann", "ann"],
  ["名字 ü", "名字 ü"],
  ["a\r\nb", "a\uFFFD\uFFFDb"],
  ["\u2028\u2029\u0000\u200b\ufeff\ud800", "\uFFFD".repeat(6)],
])("%j is shown as %j", (name, shown) => expect(legible(name)).toBe(shown))
