import { mkdtemp, readdir, rm, unlink, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { newOwner } from "@entrepot/core"
import { afterEach, beforeEach, expect, it } from "vitest"
import { Claims } from "./claims.ts"

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "entrepot-claims-"))
})
afterEach(() => rm(directory, { recursive: true }))

const [host = ""] = newOwner().split("-")
const leave = (owner: string) => writeFile(join(directory, `fill-1.${owner}`), "")

it("gives a name to one of many who ask at once, and leaves nothing", async () => {
  const takers = Array.from({ length: 6 }, () => new Claims(directory))
  let holders = 0
  let most = 0
  const use = async (claims: Claims) => {
    const claim = await claims.take("fill-1", 20_000)
    most = Math.max(most, ++holders)
    await claim?.confirm()
    holders--
    await claim?.release()
    return claim !== undefined
  }
  expect(await Promise.all(takers.map(use))).toEqual(takers.map(() => true))
  expect(most).toBe(1)
  expect(await readdir(directory)).toEqual([])
})

it("takes over from a dead process at once, and sweeps what such left", async () => {
  await leave(`${host}-999999999-abc`)
  const claim = await new Claims(directory).take("fill-1", 0)
  expect(claim?.isLost).toBe(false)
  await claim?.release()
  await leave(`${host}-999999999-abc`)
  await new Claims(directory).sweep()
  expect(await readdir(directory)).toEqual([])
})

it("leaves a living process its name, and another one's with the same beginning does not matter", async () => {
  await leave(`${host}-${process.ppid}-abc`)
  expect(await new Claims(directory).take("fill-1", 0)).toBeUndefined()
  expect(await new Claims(directory).take("fill-11", 0)).toBeDefined()
})

it("takes over from another host only when its claim has not been touched for long", async () => {
  await leave("ffffffff-1-abc")
  expect(await new Claims(directory).take("fill-1", 0)).toBeUndefined()
  await utimes(join(directory, "fill-1.ffffffff-1-abc"), new Date(), new Date(Date.now() - 30_000))
  expect(await new Claims(directory).take("fill-1", 0)).toBeDefined()
})

it("tells a holder that it stood still for too long", async () => {
  const claim = await new Claims(directory).take("fill-1", 0)
  const [file = ""] = await readdir(directory)
  await unlink(join(directory, file))
  await expect(claim?.confirm()).rejects.toMatchObject({
    code: "local_io",
    message: `another process has taken ${join(directory, file)} away`,
  })
  expect(claim?.isLost).toBe(true)
})
