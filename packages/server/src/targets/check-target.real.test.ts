import { testCa, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { openTestTargets, person } from "./targets.fixture.ts"

const ann = person(2, "operator")
const { signal } = new AbortController()
const yes = { answer: "yes" }
const unknown = { answer: "unknown" }

test("a certificate of an own authority is trusted where the target or the configuration says so", async () => {
  await using authority = await testCa()
  const { ca } = authority
  await using hub = await testRegistry({ tls: await authority.certificate() })
  await using test = await openTestTargets()
  const strict = { address: hub.host, tlsVerify: true }
  const distrusted = await test.targets.check(ann, strict, signal)
  expect(distrusted).toMatchObject({ reachable: yes, tls: { answer: "no", code: "tls" }, credentials: unknown, push: unknown })
  const all = { reachable: yes, tls: yes, credentials: yes, push: yes }
  const { id } = await test.targets.create(ann, { name: "hub", address: hub.host, ca })
  expect(await test.targets.check(ann, { targetId: id }, signal)).toEqual(all)
  expect(await test.targets.check(ann, { ...strict, ca }, signal)).toEqual(all)
  expect(await test.targets.check(ann, { ...strict, tlsVerify: false }, signal)).toEqual(all)
  const configured = test.another({ hosts: { [hub.host]: { ca } } })
  expect(await configured.check(ann, strict, signal)).toEqual(all)
})
