import { expect, test } from "vitest"
import { openTestPullAccess } from "./pull-access.fixture.ts"

const ann = { name: "ann", password: "password of ann" }
const nginx = "docker.io/library/nginx"

test("a registry is open until there is a pull user, and closed from then on", async () => {
  await using all = await openTestPullAccess()
  const { rules, service } = all.access
  expect(rules.open).toBe(true)
  const { id } = await service.createUser(all.admin, ann)
  expect(rules.open).toBe(false)
  await service.removeUser(all.admin, id)
  expect(rules.open).toBe(false)
  expect((await all.another()).rules.open).toBe(false)
})

test("a whitelist closes it too, and stays closed without its entries; a deny rule does not", async () => {
  await using all = await openTestPullAccess()
  const { rules, service } = all.access
  await service.createRule(all.admin, { effect: "deny", prefix: "evil" })
  expect(rules.open).toBe(true)
  const { id } = await service.createRule(all.admin, { effect: "allow", prefix: "nginx" })
  expect([rules.open, rules.isWhitelisted(nginx)]).toEqual([false, true])
  await service.removeRule(all.admin, id)
  expect([rules.open, rules.isWhitelisted(nginx)]).toEqual([false, false])
})

test("an administrator opens it again, and the next pull user leaves that as it is", async () => {
  await using all = await openTestPullAccess()
  const { rules, service } = all.access
  await service.createUser(all.admin, ann)
  expect(await service.setOpen(all.admin, true)).toEqual({ open: true, isConfigured: false, closesItself: false })
  await service.createUser(all.admin, { name: "bob", password: "password of bob" })
  expect(rules.open).toBe(true)
  expect(await service.setOpen(all.admin, false)).toEqual({ open: false, isConfigured: false, closesItself: false })
  expect(rules.open).toBe(false)
})

test("ACCOUNTS close it, and it stays closed when they are taken away, until an administrator opens it", async () => {
  await using all = await openTestPullAccess({ accounts: [{ username: "ci", password: "one" }] })
  expect(all.access.rules.open).toBe(false)
  const opening = all.access.service.setOpen(all.admin, true)
  const refusal = "ServiceError: ACCOUNTS or REGISTRY_ANONYMOUS decides whether people log in to pull"
  expect(await opening.catch(String)).toBe(refusal)
  await using without = await openTestPullAccess({}, { ...all, [Symbol.asyncDispose]: async () => undefined })
  expect(without.access.rules.open).toBe(false)
  await without.access.service.setOpen(without.admin, true)
  expect(without.access.rules.open).toBe(true)
})

test.each([
  ["yes", true],
  ["no", false],
] as const)("REGISTRY_ANONYMOUS=%s decides whatever there is", async (anonymous, open) => {
  await using all = await openTestPullAccess({ anonymous })
  const { rules, service } = all.access
  expect(rules.open).toBe(open)
  await service.createUser(all.admin, ann)
  expect(rules.open).toBe(open)
})

test.each([
  [
    { skipAuthProxy: true, accounts: [{ username: "ci", password: "one" }] },
    "SKIP_AUTH_PROXY sends clients past the accounts of ACCOUNTS: set one of the two",
  ],
  [
    { skipAuthProxy: true, anonymous: "no" },
    "SKIP_AUTH_PROXY sends clients past this server's logins, and REGISTRY_ANONYMOUS=no asks for them: set one of the two",
  ],
  [
    { anonymous: "yes", accounts: [{ username: "ci", password: "one" }] },
    "REGISTRY_ANONYMOUS=yes lets everybody pull without the accounts of ACCOUNTS: set one of the two",
  ],
] as const)("settings that contradict each other stop the start: %j", async (configuration, problem) => {
  expect(await openTestPullAccess(configuration).catch(String)).toBe(`ServiceError: ${problem}`)
})

test("what another process changes is in force here within seconds", async () => {
  await using all = await openTestPullAccess()
  const other = await all.another()
  await other.service.createRule(all.admin, { effect: "deny", prefix: "nginx" })
  await expect.poll(() => all.access.rules.isDenied(nginx), { timeout: 10_000 }).toBe(true)
})

test("a project's rights are its members', by what they came with", async () => {
  await using all = await openTestPullAccess()
  const { rules, service, refresh } = all.access
  const { id: userId } = await service.createUser(all.admin, ann)
  const { userId: kimId } = await all.key("kim", "operator", ["push"])
  const project = await all.stores.projects.create({ name: "team", ownerId: all.admin.userId, targetId: null, path: "" }, 1)
  await refresh()
  await service.putMember(all.admin, { projectId: project.id, kind: "web-user", memberId: kimId, role: "admin" })
  await service.putMember(all.admin, { projectId: project.id, kind: "pull-user", memberId: userId, role: "pull" })
  const actions = (kind: "key" | "pull-user" | "account" | "anonymous", id: number) =>
    rules.project("team")?.actionsOf({ kind, name: "", id, ceiling: [], isAdmin: false, credential: "" })
  expect(actions("key", kimId)).toEqual(["pull", "push", "delete"])
  expect(actions("pull-user", userId)).toEqual(["pull"])
  // Pull users and web users have numbers of their own, which are alike.
  expect(actions("account", kimId)).toEqual([])
  expect(actions("anonymous", 0)).toEqual([])
  expect(actions("key", 99)).toEqual([])
  expect(actions("key", all.admin.userId)).toEqual(["pull", "push", "delete"])
  expect(actions("pull-user", all.admin.userId + 1)).toEqual([])
  await service.removeMember(all.admin, { projectId: project.id, kind: "web-user", memberId: kimId })
  expect(actions("key", kimId)).toEqual([])
  expect(rules.project("team")?.isPublic).toBe(false)
  await all.stores.projects.update(project.id, { isPublic: true })
  await refresh()
  expect(rules.project("team")?.isPublic).toBe(true)
  expect(rules.project("teams")).toBeUndefined()
})
