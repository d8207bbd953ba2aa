import { spawn } from "node:child_process"
import { once } from "node:events"
import { expect, test } from "vitest"
import { processId, pulseOf } from "./process-id.ts"

test.runIf(process.platform === "linux")("a process is known to live, to be dead, or to be somewhere else", async () => {
  const own = await processId()
  expect(await pulseOf(own)).toBe("alive")
  expect(await processId()).not.toBe(own)
  const [host, boot, namespace, pid, startedAt, unique] = own.split("/")
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"])
  const exited = once(child, "exit")
  const of = (parts: readonly unknown[]) => pulseOf(parts.join("/"))
  expect(await of([host, boot, namespace, child.pid, startedAt, unique])).toBe("dead")
  child.kill("SIGKILL")
  await exited
  expect(await of([host, boot, namespace, child.pid, startedAt, unique])).toBe("dead")
  expect(await of([host, boot, "1", pid, startedAt, unique])).toBe("unknown")
  expect(await of([host, "other-boot", namespace, pid, startedAt, unique])).toBe("unknown")
  expect(await pulseOf("something else")).toBe("unknown")
})
