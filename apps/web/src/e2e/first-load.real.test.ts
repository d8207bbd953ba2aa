import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { lacksBrowser, type Visitor } from "./browser.fixture.ts"
import { type BusySite, makeBusy } from "./busy-site.fixture.ts"
import { arrived, carrySession } from "./log-in.fixture.ts"
import { pageList } from "./page-list.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

const mostBytes = 250_000

describe.skipIf(lacksBrowser)("the first load of a page", () => {
  const stage = stageFor()
  let busy: BusySite
  beforeAll(async () => {
    busy = await makeBusy(stage.site)
  })
  afterAll(() => busy?.[Symbol.asyncDispose]())

  test("takes less than 250 KB of compressed script", async () => {
    const bytes: Record<string, number> = {}
    for (const { name, path, open, missing } of pageList(busy)) {
      const visitor = await stage.visit()
      if (missing) visitor.expectProblem(/^answer: 404/)
      if (!open) await carrySession(stage.site, visitor)
      const sum = await scriptBytes(visitor)
      await visitor.page.goto(path)
      await arrived(visitor)
      bytes[name] = sum()
      await visitor.context.close()
    }
    process.stdout.write(
      `${Object.entries(bytes)
        .map(([name, sum]) => `${name}: ${(sum / 1000).toFixed(1)} KB of script`)
        .join("\n")}\n`,
    )
    expect(Object.entries(bytes).filter(([, sum]) => sum < 20_000 || sum >= mostBytes)).toEqual([])
  }, 180_000)
})

/** Adds up what scripts weigh on the wire, headers included. */
async function scriptBytes({ page, context }: Visitor): Promise<() => number> {
  const tools = await context.newCDPSession(page)
  await tools.send("Network.enable")
  const scripts = new Set<string>()
  let sum = 0
  tools.on("Network.responseReceived", ({ requestId, type }) => {
    if (type === "Script") scripts.add(requestId)
  })
  tools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) sum += encodedDataLength
  })
  return () => sum
}
