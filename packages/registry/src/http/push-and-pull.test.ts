import { image, index } from "@entrepot/testing"
import { expect, test } from "vitest"
import { registryServer } from "./registry-server.fixture.ts"

test("an image that was pushed can be pulled, by tag and by digest, with every byte of it", async () => {
  await using server = await registryServer()
  const pushed = index([image({ seed: "a" }), image({ seed: "b" })])
  await server.robot.push("team/app:v1", pushed)
  expect(await server.robot.holds("team/app:v1", pushed)).toBe(true)
  expect(await server.as("reader").holds("team/app", pushed)).toBe(true)
  expect(await server.robot.tags("team/app")).toEqual(["v1"])
  expect(server.mistakes).toEqual([])
})
