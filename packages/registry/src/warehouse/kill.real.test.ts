import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { setTimeout as sleep } from "node:timers/promises"
import { digestOf, parseManifest } from "@entrepot/core"
import { buildProgram } from "@entrepot/testing"
import { expect, test } from "vitest"
import { bytesOf, calm, openIn } from "./warehouse.fixture.ts"

const kills = 40
/** The child is killed this long after it has said up to so many lines: somewhere in an upload, a manifest, or a collection. */
const longest = { lines: 6, ms: 20 }

/** What the pushers of all rounds said of one tag: what it may point at now. Undefined: nothing. */
type Possible = Map<string, Set<string | undefined>>

function learn(possible: Possible, line: string): void {
  const [what, tag = "", digest = ""] = line.split(" ")
  const known = possible.get(tag) ?? new Set([undefined])
  if (what === "begin") known.add(digest)
  // A digest is deleted with its tag right after it was acknowledged: from here on either may be.
  else if (what === "done") possible.set(tag, new Set([digest, undefined]))
  else if (what === "deleted") known.add(undefined)
  if (what === "begin") possible.set(tag, known)
}

async function pushAndDie(program: string, directory: string, possible: Possible): Promise<number> {
  const child = spawn(process.execPath, [program, directory], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { NODE_ENV: "test", PATH: process.env.PATH },
  })
  const exit = once(child, "exit")
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout })
  const closed = once(reader, "close")
  const enough = Math.ceil(Math.random() * longest.lines)
  const working = new Promise<void>((resolve) => {
    reader.on("line", (line) => {
      lines.push(line)
      if (lines.length === enough) resolve()
    })
  })
  await Promise.race([working, exit])
  await sleep(Math.random() * longest.ms)
  child.kill("SIGKILL")
  const [code] = await exit
  await closed
  expect(code, "the child ended by itself").toBeNull()
  for (const line of lines) learn(possible, line)
  return lines.filter((line) => line.startsWith("done")).length
}

interface Lane {
  pushed: number
  images: number
  readonly openMs: number[]
}

/** Kills, opens again and looks, again and again, in a directory of its own. */
async function killAgainAndAgain(program: string, directory: string, kills: number): Promise<Lane> {
  const lane: Lane = { pushed: 0, images: 0, openMs: [] }
  const possible: Possible = new Map()
  for (let round = 0; round < kills; round++) {
    lane.pushed += await pushAndDie(program, directory, possible)
    const startedAt = performance.now()
    const opened = await openIn(directory)
    const repository = opened.hosted("team/app")
    const { names } = (await repository.tags({ after: undefined, limit: 100 }, calm)) ?? { names: [] }
    lane.openMs.push(performance.now() - startedAt)
    const tags = new Map<string, string>()
    for (const tag of names) {
      const manifest = await repository.manifest(tag, calm)
      if (manifest === undefined) throw new Error(`${tag} leads nowhere`)
      expect(digestOf(manifest.bytes)).toBe(manifest.descriptor.digest)
      tags.set(tag, manifest.descriptor.digest)
      const parsed = parseManifest(manifest)
      for (const { digest, size } of parsed.kind === "image" ? parsed.blobs : []) {
        const bytes = await bytesOf(await repository.blob(digest, calm))
        expect(bytes && digestOf(bytes), `${tag} round ${round}`).toBe(digest)
        expect(bytes?.length).toBe(size)
      }
      lane.images++
    }
    for (const [tag, digests] of possible) expect([...digests], `${tag} round ${round}`).toContain(tags.get(tag))
    expect(opened.logged).toEqual([])
    await opened.warehouse.close()
    await opened.blobs.close()
    await opened.database.close()
  }
  return lane
}

test("faults 32 and 34: after SIGKILL at any point every tag leads to an image that is whole, and what was acknowledged is there", async () => {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-kill-"))
  try {
    const program = await buildProgram(new URL("./pusher-program.fixture.ts", import.meta.url), join(directory, "pusher.mjs"))
    const places = [join(directory, "one"), join(directory, "two")]
    for (const place of places) await mkdir(place)
    const lanes = await Promise.all(places.map((place) => killAgainAndAgain(program, place, kills / places.length)))
    const sum = (of: (lane: Lane) => number) => lanes.reduce((all, lane) => all + of(lane), 0)
    expect(sum((lane) => lane.pushed)).toBeGreaterThan(kills / 4)
    expect(sum((lane) => lane.images)).toBeGreaterThan(kills / 2)
    const openMs = lanes.flatMap((lane) => lane.openMs).sort((one, other) => one - other)
    expect(openMs[Math.floor(openMs.length / 2)]).toBeLessThan(1000)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}, 600_000)
