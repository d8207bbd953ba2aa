import { describe, expect, test } from "vitest"
import type { Actor } from "../accounts/actor.ts"
import { openTestPullAccess } from "./pull-access.fixture.ts"
import type { PullAccessService } from "./pull-access-service.ts"

const ann = { name: "ann", password: "password of ann" }

test("pull users are made, listed, changed and removed, and their passwords shown to nobody", async () => {
  await using all = await openTestPullAccess()
  const { service } = all.access
  const made = await service.createUser(all.admin, ann)
  const at = all.clock.now
  expect(made).toEqual({ id: made.id, name: "ann", disabled: false, createdAt: at, updatedAt: at })
  expect(await service.createUser(all.admin, ann).catch(String)).toBe("ServiceError: there is a pull user ann already")
  all.clock.now += 5
  expect(await service.updateUser(all.admin, made.id, { disabled: true })).toEqual({ ...made, disabled: true, updatedAt: at + 5 })
  expect(await service.listUsers(all.admin)).toEqual([{ ...made, disabled: true, updatedAt: at + 5 }])
  await service.removeUser(all.admin, made.id)
  expect(await service.listUsers(all.admin)).toEqual([])
  const gone = "ServiceError: there is no such pull user"
  expect(await service.removeUser(all.admin, made.id).catch(String)).toBe(gone)
  expect(await service.updateUser(all.admin, made.id, { disabled: true }).catch(String)).toBe(gone)
})

describe("what cannot be a pull user", () => {
  test.each([
    ["", "long enough", "a pull user's name has 1 to 64 of a-z, A-Z, 0-9 and . _ @ - (not first or last)"],
    ["a:b", "long enough", "a pull user's name has 1 to 64 of a-z, A-Z, 0-9 and . _ @ - (not first or last)"],
    ["<token>", "long enough", "a pull user's name has 1 to 64 of a-z, A-Z, 0-9 and . _ @ - (not first or last)"],
    ["ann", "short", "a pull user's password has at least 8 characters"],
    ["ann", "x".repeat(1025), "a password has at most 1024 characters"],
    ["ann", "ept_0123456789", "a password that begins with ept_ would be taken for a key"],
    ["ann", "admin123", "this password is easily guessed; choose another"],
    ["annemarie", "AnneMarie", "this password is easily guessed; choose another"],
  ])("%j with %j", async (name, password, problem) => {
    await using all = await openTestPullAccess()
    const { service, rules } = all.access
    expect(await service.createUser(all.admin, { name, password }).catch(String)).toBe(`ServiceError: ${problem}`)
    expect(rules.open).toBe(true)
  })
})

test("rules are kept in one spelling, and each once", async () => {
  await using all = await openTestPullAccess()
  const { service } = all.access
  const allow = await service.createRule(all.admin, { effect: "allow", prefix: " Index.Docker.io/helloz/ " })
  expect(allow).toEqual({ id: allow.id, effect: "allow", prefix: "docker.io/helloz", createdAt: all.clock.now })
  const again = service.createRule(all.admin, { effect: "allow", prefix: "docker.io/helloz/*" })
  expect(await again.catch(String)).toBe("ServiceError: there is a rule to allow docker.io/helloz already")
  const deny = await service.createRule(all.admin, { effect: "deny", prefix: "docker.io/helloz" })
  expect(await service.listRules(all.admin)).toEqual([allow, deny])
  expect(await service.listRules(all.admin, "deny")).toEqual([deny])
  await service.removeRule(all.admin, deny.id)
  expect(await service.removeRule(all.admin, deny.id).catch(String)).toBe("ServiceError: there is no such rule")
})

test("members are people and projects that are there, and a pull user only pulls", async () => {
  await using all = await openTestPullAccess()
  const { service } = all.access
  const { id: memberId } = await service.createUser(all.admin, ann)
  const { id: projectId } = await all.stores.projects.create(
    { name: "team", ownerId: all.admin.userId, targetId: null, path: "" },
    1,
  )
  const member = { projectId, kind: "pull-user", memberId, role: "pull" } as const
  const pushes = service.putMember(all.admin, { ...member, role: "push" })
  expect(await pushes.catch(String)).toBe("ServiceError: a pull user only pulls: pushing takes the key of a web user")
  const missing = "ServiceError: there is no such project or person"
  expect(await service.putMember(all.admin, { ...member, projectId: 99 }).catch(String)).toBe(missing)
  expect(await service.putMember(all.admin, { ...member, memberId: 99 }).catch(String)).toBe(missing)
  await service.putMember(all.admin, member)
  expect(await service.listMembers(all.admin, projectId)).toEqual([member])
  await service.removeMember(all.admin, member)
  expect(await service.removeMember(all.admin, member).catch(String)).toBe("ServiceError: there is no such member")
})

const calls: readonly [string, (service: PullAccessService, actor: Actor) => Promise<unknown>][] = [
  ["listUsers", (service, actor) => service.listUsers(actor)],
  ["createUser", (service, actor) => service.createUser(actor, ann)],
  ["importMd5User", (service, actor) => service.importMd5User(actor, { name: "ann", md5: "0".repeat(32) })],
  ["updateUser", (service, actor) => service.updateUser(actor, 1, { disabled: true })],
  ["removeUser", (service, actor) => service.removeUser(actor, 1)],
  ["listRules", (service, actor) => service.listRules(actor)],
  ["createRule", (service, actor) => service.createRule(actor, { effect: "allow", prefix: "nginx" })],
  ["removeRule", (service, actor) => service.removeRule(actor, 1)],
  ["explain", (service, actor) => service.explain(actor, "nginx")],
  ["listMembers", (service, actor) => service.listMembers(actor)],
  ["putMember", (service, actor) => service.putMember(actor, { projectId: 1, kind: "web-user", memberId: 1, role: "pull" })],
  ["removeMember", (service, actor) => service.removeMember(actor, { projectId: 1, kind: "web-user", memberId: 1 })],
  ["mode", (service, actor) => service.mode(actor)],
  ["setOpen", (service, actor) => service.setOpen(actor, true)],
]

test("administrators alone do any of this", async () => {
  await using all = await openTestPullAccess()
  const { service } = all.access
  expect(calls.map(([name]) => name).sort()).toEqual(Object.keys(service).sort())
  for (const [name, call] of calls) {
    for (const role of ["operator", "viewer"] as const) {
      const refusal = await call(service, { ...all.admin, role }).catch(String)
      expect(refusal, name).toBe(`ServiceError: the role ${role} does not permit this`)
    }
    const key: Actor = { ...all.admin, via: "key", scopes: ["pull", "push", "jobs:write"] }
    expect(await call(service, key).catch(String), name).toBe("ServiceError: this key lacks the scope admin")
  }
  expect(await service.mode(all.admin)).toEqual({ open: true, isConfigured: false, closesItself: true })
})

test("the audit log names every change and refused login", async () => {
  await using all = await openTestPullAccess()
  const { service, authenticator } = all.access
  const { id: memberId } = await service.createUser(all.admin, ann)
  await service.updateUser(all.admin, memberId, { password: "another password", disabled: false })
  const rule = await service.createRule(all.admin, { effect: "deny", prefix: "evil" })
  await service.removeRule(all.admin, rule.id)
  const { id: projectId } = await all.stores.projects.create(
    { name: "team", ownerId: all.admin.userId, targetId: null, path: "" },
    1,
  )
  await service.putMember(all.admin, { projectId, kind: "pull-user", memberId, role: "pull" })
  await service.removeMember(all.admin, { projectId, kind: "pull-user", memberId })
  await service.setOpen(all.admin, true)
  await authenticator.authenticate("eve\n", "guess", "192.0.2.9")
  for (let i = 0; i < 3; i++) await authenticator.authenticate("ann", "another password", "192.0.2.8")
  await service.removeUser(all.admin, memberId)
  const rows = (await all.stores.audit.list({ limit: 200 })).map(({ actorName, action, subject, outcome, address }) =>
    `${actorName} ${action} [${subject}] ${outcome} ${address}`.trim(),
  )
  expect(rows.reverse()).toEqual([
    "admin pull-user.create [ann] ok",
    "admin pull-user.update [ann: password, enabled] ok",
    "admin access-rule.create [deny evil] ok",
    "admin access-rule.remove [deny evil] ok",
    `admin project-member.put [project ${projectId}: pull-user ${memberId} (pull)] ok`,
    `admin project-member.remove [project ${projectId}: pull-user ${memberId}] ok`,
    "admin registry.open [everybody pulls] ok",
    "eve� registry.login [pull eve�] refused 192.0.2.9",
    "ann registry.login [pull ann] ok 192.0.2.8",
    "admin pull-user.remove [ann] ok",
  ])
})
