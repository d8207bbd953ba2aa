import { describe, expect, test } from "vitest"
import { openTestAccounts, origin, ownToken } from "./accounts.fixture.ts"
import { deriveByScrypt } from "./password-hash.ts"

const refused = "ServiceError: the login was refused"
const hour = 3_600_000
const notice =
  "The default token is still in force, and whoever logs in first owns this server: log in and change it now. Was it somebody else? `entrepot admin reset-token` takes it back."

describe("the default token (S15)", () => {
  test("S15: logs in to a session that can do nothing but change it", async () => {
    await using test = await openTestAccounts()
    const { accounts, stores } = test
    expect(await accounts.initialise()).toEqual([notice])
    const { actor, sessionId } = await accounts.loginWithToken("docker-transformer", origin)
    expect(actor).toEqual({
      userId: 1,
      name: "admin",
      role: "admin",
      via: "session",
      mustChange: true,
      credentialId: actor.credentialId,
      address: "192.0.2.1",
    })
    expect(await accounts.bySession(sessionId, "192.0.2.1")).toEqual(actor)
    const change = "ServiceError: change the token first: everybody knows this one"
    const asked = [
      accounts.createKey(actor, { name: "ci", scopes: ["pull"], expiresAt: null }),
      accounts.listKeys(actor),
      accounts.removeKey(actor, "0"),
      accounts.listUsers(actor),
      accounts.createUser(actor, { name: "eve", password: "long enough password", role: "admin" }),
      accounts.updateUser(actor, 1, { disabled: true }),
      accounts.removeUser(actor, 1),
      accounts.changePassword(actor, "docker-transformer", "long enough password"),
      accounts.issueTicket(actor, 1),
      accounts.audit(actor, { limit: 10 }),
    ]
    for (const result of await Promise.allSettled(asked)) expect(String("reason" in result && result.reason)).toBe(change)
    expect(await stores.users.list()).toHaveLength(1)
  })

  test.each([
    ["docker-transformer", "everybody knows this token; choose another"],
    ["docker-proxy-2024", "everybody knows this token; choose another"],
    ["admin123", "everybody knows this token; choose another"],
    ["Harbor12345", "everybody knows this token; choose another"],
    [" HARBOR12345 ", "everybody knows this token; choose another"],
    ["eleven char", "a token has at least 12 characters"],
    [" twelve chars", "a token neither begins nor ends with a blank"],
    ["x".repeat(1025), "a token has at most 1024 characters"],
  ])("S15: %j cannot be chosen, and leaves the old one in force", async (token, message) => {
    await using test = await openTestAccounts()
    const { actor } = await test.accounts.loginWithToken("docker-transformer", origin)
    await expect(test.accounts.changeToken(actor, token)).rejects.toMatchObject({ code: "invalid", message })
    expect((await test.accounts.loginWithToken("docker-transformer", origin)).actor.mustChange).toBe(true)
  })

  test.each(["docker-proxy-2024", "admin123", "Harbor12345"])(
    "S15: %s as the configured token is as powerless",
    async (token) => {
      await using test = await openTestAccounts({ defaultToken: token })
      expect(await test.accounts.initialise()).toEqual([notice])
      expect((await test.accounts.loginWithToken(token, origin)).actor.mustChange).toBe(true)
      await expect(test.accounts.loginWithToken("docker-transformer", origin)).rejects.toThrow("the login was refused")
    },
  )

  test("a configured token of one's own has full power, and a later configuration does not replace it", async () => {
    await using test = await openTestAccounts({ defaultToken: "a token of my own" })
    expect(await test.accounts.initialise()).toEqual([])
    const restarted = test.another({ defaultToken: "docker-transformer" })
    expect(await restarted.initialise()).toEqual([])
    expect((await restarted.loginWithToken("a token of my own", origin)).actor.mustChange).toBe(false)
    await expect(restarted.loginWithToken("docker-transformer", origin)).rejects.toThrow("the login was refused")
  })

  test("the changed token is in force, the present one cannot be chosen, and the session is another", async () => {
    await using test = await openTestAccounts()
    const { accounts } = test
    const first = await accounts.loginWithToken("docker-transformer", origin)
    const stranger = await accounts.loginWithToken("docker-transformer", { address: "198.51.100.9" })
    const changed = await accounts.changeToken(first.actor, ownToken)
    expect(changed.sessionId).not.toBe(first.sessionId)
    expect(changed.actor.mustChange).toBe(false)
    expect(await accounts.bySession(first.sessionId, "")).toBeUndefined()
    expect(await accounts.bySession(stranger.sessionId, "")).toBeUndefined()
    expect((await accounts.bySession(changed.sessionId, ""))?.name).toBe("admin")
    expect(await accounts.initialise()).toEqual([])
    await expect(accounts.loginWithToken("docker-transformer", origin)).rejects.toThrow("the login was refused")
    expect((await accounts.loginWithToken(ownToken, origin)).actor.mustChange).toBe(false)
    await expect(accounts.changeToken(changed.actor, ownToken)).rejects.toThrow("this is the present token; choose another")
    // The stranger's session object outlived the session: the change that it tries afterwards finds another token in force.
    await expect(accounts.loginWithToken("docker-transformer", { address: "198.51.100.9" })).rejects.toThrow(refused.slice(14))
  })

  test("S15: of two who change it at once, one does", async () => {
    await using test = await openTestAccounts()
    const { actor } = await test.accounts.loginWithToken("docker-transformer", origin)
    const results = await Promise.allSettled([
      test.accounts.changeToken(actor, "the token of one"),
      test.another().changeToken(actor, "the token of two"),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    const [lost] = results.filter((result) => result.status === "rejected")
    expect(String(lost?.reason)).toBe("ServiceError: somebody else changed the token meanwhile; log in with the new one")
  })

  test("S15: whoever logs in first needs the setup code, where one is set", async () => {
    await using test = await openTestAccounts({ setupCode: "blue heron" })
    const { accounts } = test
    expect(await accounts.initialise()).toEqual([
      "The default token is still in force: log in with it and the setup code, and change it.",
    ])
    await expect(accounts.loginWithToken("docker-transformer", origin)).rejects.toThrow("the login was refused")
    await expect(accounts.loginWithToken("docker-transformer", origin, "red heron")).rejects.toThrow("the login was refused")
    await expect(accounts.loginWithToken("docker-transforme", origin, "blue heron")).rejects.toThrow("the login was refused")
    const { actor } = await accounts.loginWithToken("docker-transformer", origin, "blue heron")
    await accounts.changeToken(actor, ownToken)
    expect((await accounts.loginWithToken(ownToken, origin)).actor.mustChange).toBe(false)
  })

  test("S15: a reset at the terminal takes the server back", async () => {
    await using test = await openTestAccounts()
    const { accounts, stores } = test
    const stranger = await accounts.loginWithToken("docker-transformer", origin)
    const claimed = await accounts.changeToken(stranger.actor, "the stranger's token")
    const helper = await accounts.createUser(claimed.actor, { name: "eve", password: "password of eve", role: "admin" })
    await stores.users.update(1, { disabled: true }, test.clock.now)
    const token = await test.another().resetToken()
    expect(token).toMatch(/^[\w-]{32}$/)
    expect(await accounts.bySession(claimed.sessionId, "")).toBeUndefined()
    await expect(accounts.loginWithToken("the stranger's token", origin)).rejects.toThrow("the login was refused")
    const { actor } = await accounts.loginWithToken(token, origin)
    expect([actor.role, actor.mustChange]).toEqual(["admin", false])
    await accounts.removeUser(actor, helper.id)
  })

  test("a token in clear, as seed 0's file has it, is hashed at the first start", async () => {
    await using test = await openTestAccounts()
    await test.stores.config.set("token", "my token of old times", 0)
    await test.accounts.initialise()
    expect(await test.stores.config.get("token")).toMatch(/^own scrypt\$/)
    expect((await test.accounts.loginWithToken("my token of old times", origin)).actor.mustChange).toBe(false)
  })

  test("two processes that start at once make one user and one token", async () => {
    await using test = await openTestAccounts()
    await test.stores.users.remove(1)
    await test.stores.config.remove("token")
    await Promise.all([test.accounts.initialise(), test.another().initialise(), test.another().initialise()])
    expect(await test.stores.users.list()).toHaveLength(1)
    expect((await test.accounts.loginWithToken("docker-transformer", origin)).actor.mustChange).toBe(true)
  })
})

describe("a login that is being checked while what it rests on changes", () => {
  test("is refused when the token was changed meanwhile", async () => {
    await using test = await openTestAccounts()
    const { actor } = await test.accounts.loginWithToken("docker-transformer", origin)
    let derived = () => {}
    const started = new Promise<void>((resolve) => {
      derived = resolve
    })
    let goOn = () => {}
    const released = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const slow = test.another({}, async (...input) => {
      derived()
      await released
      return deriveByScrypt(...input)
    })
    const late = slow.loginWithToken("docker-transformer", { address: "198.51.100.9" })
    await started
    await test.accounts.changeToken(actor, ownToken)
    goOn()
    await expect(late).rejects.toThrow("the login was refused")
  })

  test("is refused when the user was disabled meanwhile", async () => {
    await using test = await openTestAccounts()
    const actor = await test.admin()
    const user = await test.accounts.createUser(actor, { name: "eve", password: "password of eve", role: "viewer" })
    const slow = test.another({}, async (...input) => {
      await test.accounts.updateUser(actor, user.id, { disabled: true })
      return deriveByScrypt(...input)
    })
    await expect(slow.loginWithPassword("eve", "password of eve", origin)).rejects.toThrow("the login was refused")
  })
})

describe("sessions", () => {
  test("end after twelve hours in which nobody came", async () => {
    await using test = await openTestAccounts()
    await test.admin()
    const { sessionId } = await test.accounts.loginWithToken(ownToken, origin)
    test.clock.now += 12 * hour - 1
    expect((await test.accounts.bySession(sessionId, ""))?.name).toBe("admin")
    test.clock.now += 12 * hour - 1
    expect((await test.accounts.bySession(sessionId, ""))?.name).toBe("admin")
    test.clock.now += 12 * hour
    expect(await test.accounts.bySession(sessionId, "")).toBeUndefined()
  })

  test("end after seven days, however busy", async () => {
    await using test = await openTestAccounts()
    await test.admin()
    const { sessionId } = await test.accounts.loginWithToken(ownToken, origin)
    for (let passed = 0; passed < 7 * 24 - 1; passed += 6) {
      expect((await test.accounts.bySession(sessionId, ""))?.name).toBe("admin")
      test.clock.now += 6 * hour
    }
    expect(await test.accounts.bySession(sessionId, "")).toBeUndefined()
  })

  test("are renewed once a minute, not with every request", async () => {
    await using test = await openTestAccounts()
    await test.admin()
    const { sessionId, actor } = await test.accounts.loginWithToken(ownToken, origin)
    const begun = test.clock.now
    const seenAt = async () => (await test.stores.sessions.get(actor.credentialId))?.seenAt
    test.clock.now += 59_999
    await test.accounts.bySession(sessionId, "")
    expect(await seenAt()).toBe(begun)
    test.clock.now += 1
    await test.accounts.bySession(sessionId, "")
    expect(await seenAt()).toBe(begun + 60_000)
  })

  test("are kept as a hash, and found by the identifier alone", async () => {
    await using test = await openTestAccounts()
    const { sessionId, actor } = await test.accounts.loginWithToken("docker-transformer", origin)
    expect(sessionId).toMatch(/^[\w-]{43}$/)
    expect(actor.credentialId).toMatch(/^[0-9a-f]{64}$/)
    expect((await test.fileBytes()).includes(sessionId)).toBe(false)
    for (const other of ["", actor.credentialId, sessionId.slice(1), `${sessionId}A`, `${sessionId.slice(0, -1)}*`]) {
      expect(await test.accounts.bySession(other, "")).toBeUndefined()
    }
  })

  test("end at logout, and tell who follows them", async () => {
    await using test = await openTestAccounts()
    const ended: string[] = []
    const stop = test.accounts.onEnded((id) => ended.push(id))
    const { sessionId, actor } = await test.accounts.loginWithToken("docker-transformer", origin)
    expect(await test.accounts.isStillValid(actor)).toBe(true)
    await test.accounts.logout(actor)
    expect(ended).toEqual([actor.credentialId])
    expect(await test.accounts.bySession(sessionId, "")).toBeUndefined()
    expect(await test.accounts.isStillValid(actor)).toBe(false)
    stop()
    await test.accounts.logout(actor)
    expect(ended).toHaveLength(1)
  })

  test("of one user end with a change of password, those of others with a change of token", async () => {
    await using test = await openTestAccounts()
    const admin = await test.admin()
    const ann = await test.person("ann", "operator")
    const twin = await test.accounts.loginWithPassword("ann", "password of ann", origin)
    const ended: string[] = []
    test.accounts.onEnded((id) => ended.push(id))
    const changed = await test.accounts.changePassword(ann, "password of ann", "another password")
    expect(ended.sort()).toEqual([ann.credentialId, twin.actor.credentialId].sort())
    expect(await test.accounts.isStillValid(admin)).toBe(true)
    expect(await test.accounts.isStillValid(ann)).toBe(false)
    expect((await test.accounts.bySession(changed.sessionId, ""))?.name).toBe("ann")
    await test.accounts.changeToken(admin, "a third token")
    expect(await test.accounts.bySession(changed.sessionId, "")).toBeUndefined()
  })

  test("that nobody can use any more are forgotten", async () => {
    await using test = await openTestAccounts()
    const { actor } = await test.accounts.loginWithToken("docker-transformer", origin)
    test.clock.now += 13 * hour
    await test.accounts.loginWithToken("docker-transformer", origin)
    expect(await test.stores.sessions.get(actor.credentialId)).toBeUndefined()
  })
})

describe("passwords", () => {
  test("a wrong one, an unknown user, a disabled one and one without password are refused alike", async () => {
    await using test = await openTestAccounts()
    const admin = await test.admin()
    const bob = await test.person("bob", "viewer")
    await test.accounts.updateUser(admin, bob.userId, { disabled: true })
    await test.person("ann", "viewer")
    const attempts = [
      ["ann", "password of bob"],
      ["nobody", "password of ann"],
      ["bob", "password of bob"],
      ["admin", ownToken],
    ] as const
    for (const [index, [name, password]] of attempts.entries()) {
      const before = test.work.derived
      await expect(test.accounts.loginWithPassword(name, password, { address: `198.51.100.${index}` })).rejects.toMatchObject({
        code: "login_refused",
        message: "the login was refused",
      })
      expect(test.work.derived - before, name).toBe(name === "bob" ? 0 : 1)
    }
  })

  test("the first user sets one by showing the token, and logs in with either", async () => {
    await using test = await openTestAccounts()
    const actor = await test.admin()
    await expect(test.accounts.changePassword(actor, "wrong", "my new password")).rejects.toMatchObject({
      code: "login_refused",
      message: "the present password is wrong",
    })
    await test.accounts.changePassword(actor, ownToken, "my new password")
    expect((await test.accounts.loginWithPassword("admin", "my new password", origin)).actor.role).toBe("admin")
    expect((await test.accounts.loginWithToken(ownToken, origin)).actor.role).toBe("admin")
    const { actor: again } = await test.accounts.loginWithToken(ownToken, origin)
    await expect(test.accounts.changePassword(again, ownToken, "yet another password")).rejects.toThrow(
      "the present password is wrong",
    )
  })

  test.each([
    ["short", "a password has at least 12 characters"],
    ["x".repeat(1025), "a password has at most 1024 characters"],
    ["docker-transformer", "this password is easily guessed; choose another"],
    ["password of ann", "this is the present password; choose another"],
  ])("%j cannot be chosen", async (next, message) => {
    await using test = await openTestAccounts()
    await test.admin()
    const ann = await test.person("ann", "viewer")
    await expect(test.accounts.changePassword(ann, "password of ann", next)).rejects.toMatchObject({ code: "invalid", message })
  })
})
