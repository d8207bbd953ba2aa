import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { image, needs } from "@entrepot/testing"
import { describe, expect, onTestFinished, test } from "vitest"
import { buildServerProgram } from "../server-process.fixture.ts"
import { faultScene } from "./fault-scene.fixture.ts"

/** What a process asks of the kernel for its files from now on, one call a line; written to `path`. */
async function trace(pid: number, path: string) {
  const calls = "trace=fsync,fdatasync,rename,renameat,renameat2,write,writev,sendmsg,sendto"
  const child = spawn("strace", ["-f", "-y", "-s", "40", "-e", calls, "-o", path, "-p", String(pid)], {
    stdio: ["ignore", "ignore", "pipe"],
  })
  const ended = once(child, "exit")
  const stop = async () => {
    child.kill("SIGINT")
    await ended
  }
  onTestFinished(stop)
  await once(child.stderr, "data")
  return stop
}

/** The steps of a blob's way onto the disk, in the order in which they were done. */
function stepsOf(text: string): string[] {
  const steps: [RegExp, string][] = [
    [/f(?:data)?sync\(\d+<[^>]*\/partials\/upload-/, "bytes synced"],
    [/(?:rename|link)\w*\(.*partials\/upload-.*blobs\/sha256/, "renamed"],
    [/fsync\(\d+<[^>]*\/blobs\/sha256\/[0-9a-f]{2}>/, "directory synced"],
    [/f(?:data)?sync\(\d+<[^>]*\.db-wal>/, "row synced"],
    [/"HTTP\/1\.1 201 Created/, "acknowledged"],
  ]
  const done = text.split("\n").flatMap((line) => steps.find(([pattern]) => pattern.test(line))?.[1] ?? [])
  return done.filter((step, index) => step !== done[index - 1])
}

describe.skipIf(needs("root", "strace"))("what the server does before it acknowledges a push", () => {
  test("fault 35: bytes, name and row of a blob are on disk, in this order, and only then the answer goes out", {
    timeout: 120_000,
  }, async () => {
    await using program = await buildServerProgram()
    const scene = await faultScene({ program })
    const [[digest, content] = ["", undefined]] = image({ seed: "durable", layers: [{ sizeBytes: 200_000 }] }).blobs
    if (content === undefined) throw new Error("no blob")
    const begun = await scene.pusher.request("POST", "/v2/team/own/blobs/uploads/")
    const url = new URL(begun.headers.location ?? "", scene.server.url)
    const path = join(scene.directory, "trace.txt")
    const stop = await trace(scene.server.pid, path)
    const done = await scene.pusher.request("PUT", `${url.pathname}?digest=${digest}`, {}, content)
    expect(done.status).toBe(201)
    await stop()
    const steps = stepsOf(await readFile(path, "utf8"))
    const acknowledged = steps.indexOf("acknowledged")
    const order = ["bytes synced", "renamed", "directory synced", "row synced", "acknowledged"]
    const places = order.map((step) => steps.lastIndexOf(step, acknowledged))
    expect([steps, places]).toEqual([steps, places.toSorted((one, other) => one - other)])
    expect(places).not.toContain(-1)
  })
})
