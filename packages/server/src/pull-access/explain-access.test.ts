import { expect, test } from "vitest"
import { openTestPullAccess } from "./pull-access.fixture.ts"

const hub = "docker.io/library/nginx"

test("an open registry lets everybody in, but for what is denied", async () => {
  await using all = await openTestPullAccess()
  const { service } = all.access
  const explain = (image: string) => service.explain(all.admin, image)
  const open = { repository: hub, isLetIn: true, reason: "open", rule: null }
  for (const image of [
    "nginx",
    " nginx:1.27 ",
    "docker.io/nginx:1",
    `library/nginx@sha256:${"a".repeat(64)}`,
    "nginx:1@sha256:b",
  ]) {
    expect(await explain(image)).toEqual(open)
  }
  const rule = { effect: "deny", prefix: "nginx" } as const
  await service.createRule(all.admin, rule)
  expect(await explain("nginx")).toEqual({ repository: hub, isLetIn: false, reason: "denied", rule })
  expect((await explain("redis")).reason).toBe("open")
})

test("the first allow rule closes the rest, and the rule is told that lets an image in or keeps it out", async () => {
  await using all = await openTestPullAccess()
  const { service } = all.access
  const explain = (image: string) => service.explain(all.admin, image)
  const allow = { effect: "allow", prefix: "helloz" } as const
  const deny = { effect: "deny", prefix: "docker.io/helloz/secret" } as const
  await service.createRule(all.admin, allow)
  await service.createRule(all.admin, deny)
  const name = "docker.io/helloz/tool"
  expect(await explain("helloz/tool:2")).toEqual({ repository: name, isLetIn: true, reason: "allowed", rule: allow })
  const secret = { repository: "docker.io/helloz/secret", isLetIn: false, reason: "denied", rule: deny }
  expect(await explain("helloz/secret")).toEqual(secret)
  expect(await explain("hellozevil/x")).toMatchObject({ isLetIn: false, reason: "login", rule: null })
  await service.setOpen(all.admin, true)
  expect(await explain("helloz/tool")).toMatchObject({ isLetIn: true, reason: "open", rule: allow })
})

test("what is hosted here is its project's, rules or not", async () => {
  await using all = await openTestPullAccess()
  const { service } = all.access
  for (const [name, isPublic] of [
    ["team", false],
    ["shop", true],
  ] as const) {
    await all.stores.projects.create({ name, ownerId: all.admin.userId, targetId: null, path: "", isPublic }, 1)
  }
  const explain = (image: string) => service.explain(all.admin, image)
  expect(await explain("team/app")).toEqual({ repository: "team/app", isLetIn: false, reason: "project", rule: null })
  expect(await explain("shop/app:1")).toEqual({ repository: "shop/app", isLetIn: true, reason: "public-project", rule: null })
  const rule = { effect: "deny", prefix: "shop" } as const
  await service.createRule(all.admin, rule)
  expect(await explain("shop/app")).toEqual({ repository: "shop/app", isLetIn: false, reason: "denied", rule })
})

test("S3: a registry that has no upstream, and what is no name, let nobody in", async () => {
  await using all = await openTestPullAccess()
  const { service } = all.access
  const nothing = { repository: null, isLetIn: false, rule: null }
  expect(await service.explain(all.admin, "evil.example.com/app")).toEqual({ ...nothing, reason: "no-upstream" })
  for (const image of ["Nginx", "a//b", "<img src=x>", ":1"]) {
    expect(await service.explain(all.admin, image)).toEqual({ ...nothing, reason: "no-name" })
  }
  expect((await service.explain(all.admin, "gcr.io/pause")).repository).toBe("gcr.io/pause")
})
