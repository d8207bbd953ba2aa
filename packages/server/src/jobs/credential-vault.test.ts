import { credentials } from "@entrepot/core"
import { expect, test } from "vitest"
import { CredentialVault } from "./credential-vault.ts"

const target = credentials({ username: "robot", password: "canary" })

test("credentials outlive their job for a while, and not for longer", () => {
  let now = 0
  const vault = new CredentialVault({ keepMs: 1000, now: () => now })
  vault.put(1, { target })
  vault.ended(1)
  now = 999
  expect(vault.peek(1)).toEqual({ target })
  now = 1000
  expect(vault.peek(1)).toBeUndefined()
})

test("a job that is retried keeps its credentials, one that was removed loses them, and of ended jobs the oldest go first", () => {
  let now = 0
  const vault = new CredentialVault({ keepMs: 1000, keepJobs: 2, now: () => now })
  for (const id of [1, 2, 3, 4, 5]) vault.put(id, { target })
  vault.ended(1)
  vault.put(1, { target })
  for (const id of [2, 3, 4]) vault.ended(id)
  vault.forget(4)
  now = 1000
  expect([1, 2, 3, 4, 5].filter((id) => vault.peek(id) !== undefined)).toEqual([1, 5])
})

test("whoever asks while a job is being made waits until its credentials are there", async () => {
  const vault = new CredentialVault()
  const asked: Promise<unknown>[] = []
  await vault.filling(async () => {
    asked.push(vault.get(7))
    await new Promise((resolve) => setTimeout(resolve, 10))
    vault.put(7, { target })
  })
  await expect(vault.filling(() => Promise.reject(new Error("refused")))).rejects.toThrow("refused")
  expect(await asked[0]).toEqual({ target })
  expect(await vault.get(7)).toEqual({ target })
})
