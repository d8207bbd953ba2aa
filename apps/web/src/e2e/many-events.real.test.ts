import type { FollowedEvent } from "@entrepot/client"
import { image } from "@entrepot/testing"
import { describe, expect, onTestFinished, test } from "vitest"
import { lacksBrowser } from "./browser.fixture.ts"
import { finishedJob } from "./busy-site.fixture.ts"
import { eventually } from "./eventually.fixture.ts"
import { carrySession } from "./log-in.fixture.ts"
import { workOf } from "./long-tasks.fixture.ts"
import { jobPanel } from "./mirror.fixture.ts"
import { replay } from "./replay.fixture.ts"
import { targetLogin } from "./site.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

const layers = 200
const perSecond = 50

describe.skipIf(lacksBrowser)("a job that tells much", () => {
  const stage = stageFor()

  test("keeps its page free of tasks of 50 ms, at 50 events a second", async () => {
    const { site, browser } = stage
    const crumbs = image({ seed: "crumbs", layers: Array.from({ length: layers }, () => ({ sizeBytes: 2048 })) })
    await site.source.client.push("library/crumbs:1", crumbs)
    const id = await finishedJob(site.client, {
      image: `${site.source.host}/library/crumbs:1`,
      target: { address: `${site.target.host}/crumbs`, ...targetLogin },
    })
    const stored = await site.client.jobs.events.query({ id, limit: 1000 })
    const events = stored.flatMap(withCounters)
    expect(events.length).toBeGreaterThan(2 * layers)

    const road = await replay(site.url, events, perSecond)
    onTestFinished(() => road[Symbol.asyncDispose]())
    const visitor = await stage.visit({ url: road.origin })
    const { page, say } = visitor
    await carrySession(site, visitor)
    const shown = jobPanel(visitor, id)
    await page.goto(`/jobs/${id}`)
    await eventually(shown.percent).toBeGreaterThanOrEqual(0)
    const toldBefore = road.told
    const work = await workOf(browser, page, async () => {
      await eventually(() => road.told, { timeoutMs: 60_000 }).toBe(events.length)
      await shown.panel
        .getByText(say("job.result.title", { image: "" }).trim())
        .first()
        .waitFor()
    })
    process.stdout.write(
      `${road.perSecond.toFixed(0)} events a second: ${work.tasks} tasks, the longest of ${work.longestMs} ms\n`,
    )
    expect(toldBefore).toBeLessThan(events.length / 2)
    expect(road.perSecond).toBeGreaterThan(perSecond * 0.9)
    expect(work.tasks).toBeGreaterThan(100)
    expect(work.longestMs).toBeLessThan(50)
  }, 180_000)
})

/** An event of the log, and before it the counters of a layer on its way, which the log does not keep. */
function withCounters(stored: FollowedEvent): readonly FollowedEvent[] {
  const { at, event } = stored
  if (event.type !== "blob" || event.state !== "done") return [stored]
  return [{ at, event: { ...event, state: "copying", offset: Math.floor(event.size / 2), connections: 1 } }, stored]
}
