import { image, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { createHttp } from "../http/create-http.ts"
import { HostLimits } from "../http/layers/limits.ts"
import { createDirectEngine } from "./direct.ts"

const app = image({ seed: "patience", layers: [{ sizeBytes: 300_000 }] })

/** A copy by a process that has other jobs to do than to wait more than two seconds for one host. */
async function copyWith429(side: "source" | "target", matcher: string, retryAfter: string, times: number) {
  const source = await testRegistry({ images: { "team/app:1": app } })
  const target = await testRegistry()
  const limited = side === "source" ? source : target
  const rule = limited.fail(matcher, { as: "status", status: 429, headers: { "retry-after": retryAfter }, times })
  const http = createHttp({ limits: new HostLimits({ maxWaitMs: 2000 }), retry: { minMs: 1, maxMs: 2 } })
  onTestFinished(async () => {
    await http.close()
    await source.close()
    await target.close()
  })
  const engine = createDirectEngine({
    stores: { http, upload: { singlePostLimit: 0 }, cacheDirectory: "" },
    retryMinMs: 1,
    retryMaxMs: 2,
  })
  const startedAt = performance.now()
  const events = engine.copy({ source: `docker://${source.host}/team/app:1`, target: `docker://${target.host}/copy:1` })
  let step = await events.next()
  while (!step.done) step = await events.next()
  return { outcome: step.value, host: limited.host, strikes: rule.strikes, durationMs: performance.now() - startedAt }
}

const requests = [
  ["source", "HEAD manifest"],
  ["source", "GET manifest"],
  ["source", "GET blob"],
  ["target", "HEAD manifest"],
  ["target", "POST upload"],
  ["target", "PUT upload"],
  ["target", "PUT manifest"],
] as const

test.each(requests)(
  "fault 24: a longer wait than a process allows, asked for by the %s's %s, ends the copy at once and says how long it is",
  async (side, matcher) => {
    const { outcome, host, durationMs } = await copyWith429(side, matcher, "60", Number.POSITIVE_INFINITY)
    expect(outcome).toMatchObject({ outcome: "failed", error: { code: "rate_limited", side, host, status: 429 } })
    const waitMs = outcome.error?.retryAfterMs ?? 0
    expect(waitMs).toBeGreaterThan(58_000)
    expect(waitMs).toBeLessThanOrEqual(60_000)
    expect(durationMs).toBeLessThan(1500)
  },
)

test.each([requests[0], requests[2], requests[4]])(
  "fault 24: a short wait, asked for by the %s's %s, is waited out",
  async (side, matcher) => {
    const { outcome, strikes, durationMs } = await copyWith429(side, matcher, "1", 1)
    expect([outcome.outcome, strikes]).toEqual(["succeeded", 1])
    expect(durationMs).toBeGreaterThan(990)
  },
)
