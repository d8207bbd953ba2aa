import { describe, expect, it } from "vitest"
import { VirtualClock } from "./clock.ts"
import { Flow, LinkDirection, type LinkOptions } from "./link-model.ts"

const MiB = 1024 * 1024

/** Seconds that a download takes over so many connections at once, each asked for one part after the other. */
function download(options: LinkOptions, bytes: number, connections: number, partBytes = bytes / connections): number {
  const clock = new VirtualClock()
  const link = new LinkDirection(options, clock)
  const rtt = options.rttMs ?? 0
  const part = Buffer.alloc(partBytes)
  let left = bytes
  const ask = (flow: Flow) => {
    const size = Math.min(partBytes, left)
    left -= size
    if (size > 0) clock.at(clock.now() + rtt / 2, () => flow.offer(part.subarray(0, size)))
    return size
  }
  for (let i = 0; i < connections; i++) {
    let missing = 0
    const flow: Flow = new Flow(link, rtt, (piece) => {
      missing -= piece.length
      if (missing === 0) missing = ask(flow)
    })
    clock.at(rtt, () => {
      missing = ask(flow)
    })
  }
  clock.run()
  return clock.now() / 1000
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const seeds = [1, 2, 3, 4, 5, 6, 7]

describe("a lossy long link", () => {
  const link: LinkOptions = { rttMs: 180, lossRate: 0.005, bandwidthBitsPerSecond: 200e6 }

  it("gives one connection what is measured on a real one: about a minute for 24 MiB", () => {
    const seconds = median(seeds.map((seed) => download({ ...link, seed }, 24 * MiB, 1)))
    expect(seconds).toBeGreaterThan(55)
    expect(seconds).toBeLessThan(70)
  })

  it("gives ranges over many connections about eight times as much", () => {
    const seconds = median(seeds.map((seed) => download({ ...link, seed }, 24 * MiB, 24, MiB)))
    expect(seconds).toBeGreaterThan(5)
    expect(seconds).toBeLessThan(10)
  })

  it("costs a round trip to connect, one to ask, and grows from ten segments", () => {
    const lossless = { rttMs: 100, bandwidthBitsPerSecond: 1e9 }
    expect(download(lossless, 10 * 1448, 1)).toBeCloseTo(0.25, 2)
    expect(download(lossless, 30 * 1448, 1)).toBeCloseTo(0.35, 2)
    expect(download(lossless, 70 * 1448, 1)).toBeCloseTo(0.45, 2)
  })

  it("is the same for the same seed", () => {
    expect(download({ ...link, seed: 9 }, MiB, 2)).toBe(download({ ...link, seed: 9 }, MiB, 2))
    expect(download({ ...link, seed: 9 }, MiB, 2)).not.toBe(download({ ...link, seed: 8 }, MiB, 2))
  })
})

describe("a link that gives each connection a tenth", () => {
  const link: LinkOptions = { perConnectionBytesPerSecond: 2e6, bandwidthBitsPerSecond: 160e6 }

  it("takes 79 s for 150 MiB over one connection, and is full with ten or more", () => {
    expect(download(link, 150 * MiB, 1)).toBeCloseTo(78.6, 0)
    expect(download(link, 256 * MiB, 16)).toBeCloseTo(13.4, 0)
  })
})
