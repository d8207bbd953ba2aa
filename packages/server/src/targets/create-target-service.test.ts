import { randomBytes } from "node:crypto"
import { inspect } from "node:util"
import { describe, expect, test } from "vitest"
import { openTestTargets, person } from "./targets.fixture.ts"

const [admin, ann, bob, viewer] = [person(1, "admin"), person(2, "operator"), person(3, "operator"), person(4, "viewer")]
const harbor = { name: "harbor", address: "harbor.example.com/mirror", username: "robot", password: "canary password" }
const notFound = { code: "not_found", message: "there is no such target" }

describe("a saved password", () => {
  test("is opened for the runner, and shown to nobody", async () => {
    await using test = await openTestTargets()
    const view = await test.targets.create(ann, harbor)
    expect(view).toEqual({
      id: view.id,
      ownerId: 2,
      shared: false,
      name: "harbor",
      host: "harbor.example.com",
      project: "mirror",
      naming: "default",
      plainHttp: false,
      tlsVerify: true,
      username: "robot",
      hasPassword: true,
      hasCa: false,
      version: 2,
      createdAt: view.createdAt,
      updatedAt: view.updatedAt,
    })
    expect(await test.targets.list(ann)).toEqual([view])
    const opened = await test.targets.open(view.id)
    const login = opened?.credentials
    if (login === undefined || !("password" in login)) throw new Error("there is no password")
    expect([login.username, login.password]).toEqual(["robot", "canary password"])
    expect(`${inspect(opened, { depth: 9 })}${JSON.stringify(opened)}${login}`).not.toContain("canary")
    expect(await test.targets.open(999)).toBeUndefined()
  })

  test("S19: is in clear neither in the database, its log of changes, the audit nor what was logged", async () => {
    await using test = await openTestTargets()
    const { id, version } = await test.targets.create(ann, harbor)
    await test.targets.update(ann, id, version, { password: "canary password two" })
    await test.targets.open(id)
    await test
      .another({ masterKeys: [randomBytes(32)] })
      .open(id)
      .catch(String)
    const bytes = await test.fileBytes()
    expect(bytes.includes("harbor.example.com")).toBe(true)
    expect(test.logged()).toContain("credentials.use refused")
    for (const text of [bytes.toString("latin1"), test.logged(), JSON.stringify(await test.stores.audit.list({ limit: 99 }))]) {
      for (const canary of ["canary", Buffer.from("canary password").toString("base64").slice(0, 18)]) {
        expect(text.includes(canary)).toBe(false)
      }
      expect(text.includes(Buffer.from(test.masterKey).toString("latin1"))).toBe(false)
    }
  })

  test("its use is audited", async () => {
    await using test = await openTestTargets()
    const { id } = await test.targets.create(ann, harbor)
    await test.targets.open(id)
    await test.another({ masterKeys: [] }).open(id).catch(String)
    const rows = (await test.stores.audit.list({ limit: 9 })).map(
      ({ actorName, action, subject, outcome }) => `${actorName} ${action} ${subject} ${outcome}`,
    )
    expect(rows).toEqual([
      `jobs credentials.use harbor (${id}: harbor.example.com) refused`,
      `jobs credentials.use harbor (${id}: harbor.example.com) ok`,
      `operator2 target.create harbor (${id}: harbor.example.com) ok`,
    ])
  })

  test("stays through edits of everything but the host", async () => {
    await using test = await openTestTargets()
    let { id, version } = await test.targets.create(ann, harbor)
    const edits = [
      { name: "other" },
      { naming: "flat" },
      { shared: true },
      { tlsVerify: false },
      { username: "robot2" },
      { address: "harbor.example.com/elsewhere" },
    ]
    for (const edit of edits) {
      const view = await test.targets.update(ann, id, version, edit)
      expect([view.hasPassword, view.version]).toEqual([true, version + 1])
      version = view.version
      expect(await passwordOf(test, id)).toBe("canary password")
    }
  })

  test.each([
    ["another host", { address: "evil.example.com/mirror" }],
    ["another port", { address: "harbor.example.com:8443/mirror" }],
    ["no user", { username: null }],
    ["null", { password: null }],
  ])("is forgotten with %s", async (_, changes) => {
    await using test = await openTestTargets()
    const { id, version } = await test.targets.create(ann, harbor)
    expect((await test.targets.update(ann, id, version, changes)).hasPassword).toBe(false)
    expect((await test.stores.targets.get(id))?.sealed).toBeNull()
    expect((await test.targets.open(id))?.credentials).toBeUndefined()
  })

  test("of a new host is the one that was given with it", async () => {
    await using test = await openTestTargets()
    const { id, version } = await test.targets.create(ann, harbor)
    await test.targets.update(ann, id, version, { address: "new.example.com", password: "its own" })
    expect(await passwordOf(test, id)).toBe("its own")
  })

  test("in a row that was changed behind our back does not open", async () => {
    await using test = await openTestTargets()
    const { id, version } = await test.targets.create(ann, harbor)
    const other = await test.targets.create(ann, { ...harbor, name: "other", password: "another password" })
    const { targets } = test.stores
    const sealed = (await targets.get(other.id))?.sealed ?? null
    const cannot = {
      code: "unavailable",
      message: "the saved password of harbor cannot be opened with the present master keys; give it anew",
    }
    // A swapped seal, which then carries the other row's number; a host that was edited; a seal of an older version.
    await targets.update(id, version, { sealed }, 0)
    await expect(test.targets.open(id)).rejects.toMatchObject(cannot)
    await targets.update(other.id, other.version, { host: "evil.example.com", name: "harbor" }, 0)
    await expect(test.targets.open(other.id)).rejects.toMatchObject(cannot)
    await expect(test.targets.update(ann, id, version + 1, { name: "harbor" })).rejects.toMatchObject(cannot)
    const renewed = await test.targets.update(ann, id, version + 1, { password: "given anew" })
    expect(renewed.hasPassword).toBe(true)
    expect(await passwordOf(test, id)).toBe("given anew")
  })

  test("is sealed anew with the newest key, and the old one can go", async () => {
    await using test = await openTestTargets()
    const ids = await Promise.all([1, 2, 3].map(async (n) => (await test.targets.create(ann, { ...harbor, name: `t${n}` })).id))
    await test.targets.create(ann, { name: "open", address: "open.example.com" })
    const next = randomBytes(32)
    const both = test.another({ masterKeys: [next, test.masterKey] })
    expect(await passwordOf({ ...test, targets: both }, ids[0] ?? 0)).toBe("canary password")
    expect(await both.rewrap()).toBe(3)
    const renewed = { ...test, targets: test.another({ masterKeys: [next] }) }
    for (const id of ids) expect(await passwordOf(renewed, id)).toBe("canary password")
    await expect(test.targets.open(ids[0] ?? 0)).rejects.toMatchObject({ code: "unavailable" })
    expect(await test.targets.rewrap()).toBe(0)
    expect(test.logged()).toContain("no present master key opens this target's password")
  })

  test("is refused where there is no master key, and nothing is left behind", async () => {
    await using test = await openTestTargets({ masterKeys: [] })
    expect(test.targets.keepsPasswords).toBe(false)
    const refusal = {
      code: "unavailable",
      message: "passwords cannot be kept: no master key is configured (MASTER_KEY_FILE)",
    }
    await expect(test.targets.create(ann, harbor)).rejects.toMatchObject(refusal)
    expect(await test.targets.list(admin)).toEqual([])
    const { password: _, ...open } = harbor
    const { id, version } = await test.targets.create(ann, open)
    await expect(test.targets.update(ann, id, version, { password: "x" })).rejects.toMatchObject(refusal)
  })
})

describe("whose targets they are (S13)", () => {
  test("S13: a foreign target is not found, whatever is asked", async () => {
    await using test = await openTestTargets()
    const { id, version } = await test.targets.create(ann, harbor)
    const { signal } = new AbortController()
    for (const foreign of [id, 999]) {
      await expect(test.targets.get(bob, foreign)).rejects.toMatchObject(notFound)
      await expect(test.targets.get(viewer, foreign)).rejects.toMatchObject(notFound)
      await expect(test.targets.update(bob, foreign, version, { name: "x" })).rejects.toMatchObject(notFound)
      await expect(test.targets.remove(bob, foreign)).rejects.toMatchObject(notFound)
      await expect(test.targets.check(bob, { targetId: foreign }, signal)).rejects.toMatchObject(notFound)
    }
    expect(await test.targets.list(bob)).toEqual([])
    expect(await test.targets.list(viewer)).toEqual([])
    expect(await test.targets.list(admin)).toHaveLength(1)
    expect((await test.targets.get(admin, id)).name).toBe("harbor")
  })

  test("a shared one is there for all, and its owner's and the administrators' to change", async () => {
    await using test = await openTestTargets()
    const { id, version } = await test.targets.create(ann, { ...harbor, shared: true })
    expect((await test.targets.get(bob, id)).hasPassword).toBe(true)
    expect((await test.targets.get(viewer, id)).hasPassword).toBe(true)
    const others = { code: "forbidden", message: "this target is shared by somebody else; only its owner changes it" }
    await expect(test.targets.update(bob, id, version, { address: "evil.example.com" })).rejects.toMatchObject(others)
    await expect(test.targets.remove(bob, id)).rejects.toMatchObject(others)
    const { version: next } = await test.targets.update(admin, id, version, { name: "renamed" })
    expect(next).toBe(version + 1)
    await test.targets.remove(admin, id)
    await expect(test.targets.get(ann, id)).rejects.toMatchObject(notFound)
  })

  test("viewers, tickets, narrow keys and sessions with the default token change and check none", async () => {
    await using test = await openTestTargets()
    const { signal } = new AbortController()
    const powerless = [
      viewer,
      { ...ann, via: "ticket", jobId: 1, scopes: ["jobs:read"] },
      { ...ann, via: "key", scopes: ["jobs:read"] },
      { ...admin, mustChange: true },
    ] as const
    for (const actor of powerless) {
      const code = actor.mustChange ? "token_change_required" : "forbidden"
      await expect(test.targets.create(actor, harbor)).rejects.toMatchObject({ code })
      await expect(test.targets.check(actor, { address: "127.0.0.1:1" }, signal)).rejects.toMatchObject({ code })
      await expect(test.targets.update(actor, 1, 1, {})).rejects.toMatchObject({ code })
      await expect(test.targets.remove(actor, 1)).rejects.toMatchObject({ code })
    }
  })

  test("of two who edit at once, the later is told", async () => {
    await using test = await openTestTargets()
    const { id, version } = await test.targets.create(ann, harbor)
    await test.targets.update(ann, id, version, { name: "first" })
    const late = test.targets.update(ann, id, version, { address: "second.example.com" })
    await expect(late).rejects.toMatchObject({
      code: "conflict",
      message: "somebody else changed this target meanwhile; look at it again",
    })
    expect(await passwordOf(test, id)).toBe("canary password")
  })

  test("one that a project or schedule uses stays", async () => {
    await using test = await openTestTargets()
    const { id } = await test.targets.create(ann, harbor)
    const project = await test.stores.projects.create({ name: "team", ownerId: 1, targetId: id, path: "team" }, 0)
    const used = { code: "conflict", message: "1 projects or schedules use this target; give them another first" }
    await expect(test.targets.remove(ann, id)).rejects.toMatchObject(used)
    await test.stores.projects.update(project.id, { targetId: null })
    await test.targets.remove(ann, id)
  })
})

test.each([
  [{ name: "" }, "a target has a name of 1 to 100 printable characters"],
  [{ name: "a\u202eb" }, "a target has a name of 1 to 100 printable characters"],
  [{ username: "a:b" }, "a user name at a registry has 1 to 256 printable characters and no colon"],
  [{ username: "a\r\nb" }, "a user name at a registry has 1 to 256 printable characters and no colon"],
  [{ username: null }, "a password needs a user name"],
  [{ password: "" }, "the password is empty; null forgets the one that is kept"],
  [{ ca: "no certificate" }, "the CA is no certificate in PEM form, or longer than 256 KiB"],
  [{ ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" }, "the CA is no certificate in PEM form"],
  [
    { ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN EC PRIVATE KEY-----\nAAAA" },
    "the CA has a private key in it; certificates alone belong here",
  ],
  [{ address: "harbor" }, '"harbor" is not a target: harbor could be a namespace of Docker Hub: a host has a dot or a port'],
  [{ naming: "{nonsense}" }, "a naming template has no field {nonsense}"],
])("%j is refused", async (wrong, message) => {
  await using test = await openTestTargets()
  await expect(test.targets.create(ann, { ...harbor, ...wrong })).rejects.toMatchObject({ message })
  expect(await test.targets.list(admin)).toEqual([])
})

async function passwordOf(
  { targets }: Pick<Awaited<ReturnType<typeof openTestTargets>>, "targets">,
  id: number,
): Promise<string | undefined> {
  const login = (await targets.open(id))?.credentials
  return login !== undefined && "password" in login ? login.password : undefined
}
