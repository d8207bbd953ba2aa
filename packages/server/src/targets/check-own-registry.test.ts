import { expect, test } from "vitest"
import { soon, testActor, testConfiguration, testDirectory, testRuntime } from "../runtime/runtime.fixture.ts"

const yes = { answer: "yes" }

test("a target that is this very server is reached without a connection, and says whether the caller may push there", async () => {
  const configuration = { ...testConfiguration(await testDirectory()), publicUrl: "https://mirror.example.com" }
  const runtime = await testRuntime(configuration)
  const { projects, targets } = runtime.services
  const [admin, ann] = [await testActor(runtime, "admin"), await testActor(runtime, "operator", "ann")]
  await projects.create(admin, { name: "team" })
  const check = (actor: typeof ann, address: string) => targets.check(actor, { address }, soon())
  const all = { reachable: yes, tls: { answer: "plain" }, credentials: yes, push: yes }

  expect(await check(ann, "127.0.0.1:8080/proxy")).toEqual(all)
  expect(await check(admin, "localhost:8080/team")).toEqual(all)
  expect(await check(ann, "localhost:8080/team")).toEqual({ ...all, push: { answer: "no", code: "forbidden" } })
  const unknown = { ...all, tls: { answer: "unknown" } }
  expect(await check(ann, "mirror.example.com/proxy")).toEqual(unknown)
  expect(await check(ann, "mirror.example.com:443/nowhere")).toEqual({
    ...unknown,
    push: {
      ...{ answer: "no", code: "not_found" },
      hint: "name one that is there: HOST/PROJECT/IMAGE; an administrator makes projects",
    },
  })
  const { id } = await targets.create(ann, { name: "here", address: "127.0.0.1:8080/team" })
  expect(await targets.check(ann, { targetId: id }, soon())).toMatchObject({ push: { answer: "no", code: "forbidden" } })
})
