import { expect, test } from "vitest"
import { joinMeters } from "./join-meters.ts"
import type { MeteredUpstream, RegistryMeter } from "./registry-meter.ts"

const hub: MeteredUpstream = { id: 1, name: "hub", registry: "docker.io", host: "hub.example" }

/** A meter that keeps its state where methods keep theirs. */
class Notes implements Partial<RegistryMeter> {
  readonly notes: string[] = []

  upstreamFailed({ host }: MeteredUpstream, code: string): void {
    this.notes.push(`${host} ${code}`)
  }
}

test("every meter is told what it wants to know, and nothing else", () => {
  const [one, other] = [new Notes(), new Notes()]
  const bytes: number[] = []
  const meter = joinMeters([one, { upstreamSent: (_, count) => void bytes.push(count) }, other])
  meter?.upstreamFailed(hub, "network")
  meter?.upstreamSent(hub, 7)
  meter?.upstreamRecovered(hub)
  expect([one.notes, other.notes, bytes]).toEqual([["hub.example network"], ["hub.example network"], [7]])
})

test("without a meter nothing is counted", () => {
  expect(joinMeters([])).toBeUndefined()
})
