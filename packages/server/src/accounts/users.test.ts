import { expect, test } from "vitest"
import { openTestAccounts, origin } from "./accounts.fixture.ts"
import { deriveByScrypt } from "./password-hash.ts"

test("only administrators see and change users", async () => {
  await using test = await openTestAccounts()
  await test.admin()
  for (const role of ["operator", "viewer"] as const) {
    const actor = await test.person(role, role)
    const asked = [
      test.accounts.listUsers(actor),
      test.accounts.createUser(actor, { name: "eve", password: "password of eve", role: "viewer" }),
      test.accounts.updateUser(actor, actor.userId, { role: "admin" }),
      test.accounts.updateUser(actor, 1, { password: "a new password" }),
      test.accounts.removeUser(actor, 1),
      test.accounts.audit(actor, { limit: 1 }),
      test.accounts.changeToken(actor, "another token"),
    ]
    for (const result of await Promise.allSettled(asked)) expect(result).toMatchObject({ reason: { code: "forbidden" } })
  }
})

test("a change of role, password or `disabled` ends the sessions", async () => {
  await using test = await openTestAccounts()
  const admin = await test.admin()
  for (const [index, changes] of [{ role: "viewer" }, { password: "another password" }, { disabled: true }].entries()) {
    const name = `user${index}`
    const actor = await test.person(name, "operator")
    const { sessionId } = await test.accounts.loginWithPassword(name, `password of ${name}`, origin)
    const ended: string[] = []
    test.accounts.onEnded((id) => ended.push(id))
    await test.accounts.updateUser(admin, actor.userId, changes as { readonly role?: "viewer" })
    expect(await test.accounts.bySession(sessionId, "")).toBeUndefined()
    expect(ended).toContain(actor.credentialId)
  }
})

test("the last administrator is neither demoted nor disabled nor removed", async () => {
  await using test = await openTestAccounts()
  const admin = await test.admin()
  const ann = await test.person("ann", "admin")
  const last = { code: "conflict", message: "ann is the last administrator" }
  await test.accounts.updateUser(ann, admin.userId, { role: "viewer" })
  await expect(test.accounts.updateUser(ann, ann.userId, { role: "operator" })).rejects.toMatchObject(last)
  await expect(test.accounts.updateUser(ann, ann.userId, { disabled: true })).rejects.toMatchObject(last)
  await expect(test.accounts.removeUser(ann, ann.userId)).rejects.toMatchObject(last)
  await test.accounts.updateUser(ann, ann.userId, { password: "another password" })
})

test("of two administrators who demote each other at once, one stays", async () => {
  await using test = await openTestAccounts()
  const admin = await test.admin()
  const ann = await test.person("ann", "admin")
  const results = await Promise.allSettled([
    test.accounts.updateUser(admin, ann.userId, { role: "viewer" }),
    test.accounts.updateUser(ann, admin.userId, { role: "viewer" }),
  ])
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"])
  expect((await test.stores.users.list()).filter(({ role }) => role === "admin")).toHaveLength(1)
})

test("the first user can be disabled, and not removed: it would come back with the next start", async () => {
  await using test = await openTestAccounts()
  const admin = await test.admin()
  const ann = await test.person("ann", "admin")
  await expect(test.accounts.removeUser(ann, admin.userId)).rejects.toMatchObject({
    code: "conflict",
    message: "admin is who the token logs in; it can be disabled, not removed",
  })
  await test.accounts.updateUser(ann, admin.userId, { disabled: true })
  await expect(test.accounts.loginWithToken("own token 123", origin)).rejects.toThrow("the login was refused")
})

test("a password that was hashed at less cost is hashed anew at the next login", async () => {
  await using test = await openTestAccounts()
  const admin = await test.admin()
  const hash = "scrypt$n=2,r=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
  const digest = await deriveByScrypt("password of old", Buffer.alloc(16), { n: 2, r: 1, p: 1 })
  await test.stores.users.create(
    { name: "old", role: "viewer", passwordHash: hash + digest.toString("base64url") },
    test.clock.now,
  )
  const { sessionId } = await test.accounts.loginWithPassword("old", "password of old", origin)
  expect((await test.accounts.bySession(sessionId, ""))?.name).toBe("old")
  expect((await test.stores.users.byName("old"))?.passwordHash).toMatch(/^scrypt\$n=16,r=1,p=1\$/)
  expect(await test.accounts.listUsers(admin)).toHaveLength(2)
})

const badName = "a user name has 1 to 64 of a-z, 0-9 and . _ @ - (not first or last)"

test.each([
  [{ name: "", password: "password of eve" }, "invalid", badName],
  [{ name: "Eve", password: "password of eve" }, "invalid", badName],
  [{ name: "eve\n", password: "password of eve" }, "invalid", badName],
  [{ name: "-eve", password: "password of eve" }, "invalid", badName],
  [{ name: "x".repeat(65), password: "password of eve" }, "invalid", badName],
  [{ name: "eve", password: "eleven char" }, "invalid", "a password has at least 12 characters"],
  [{ name: "eve", password: "Docker-Transformer" }, "invalid", "this password is easily guessed; choose another"],
  [{ name: "eve@example.com", password: "eve@example.com" }, "invalid", "this password is easily guessed; choose another"],
  [{ name: "admin", password: "password of eve" }, "conflict", "there is a user admin already"],
])("%j is refused", async (wanted, code, message) => {
  await using test = await openTestAccounts()
  const made = test.accounts.createUser(await test.admin(), { ...wanted, role: "viewer" })
  await expect(made).rejects.toMatchObject({ code, message })
})

test("nobody is found under a number that nobody has", async () => {
  await using test = await openTestAccounts()
  const admin = await test.admin()
  const none = { code: "not_found", message: "there is no such user" }
  await expect(test.accounts.updateUser(admin, 999, { disabled: true })).rejects.toMatchObject(none)
  await expect(test.accounts.removeUser(admin, 999)).rejects.toMatchObject(none)
})
