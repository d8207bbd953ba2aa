import type { ByteStream, Descriptor, ReadRange } from "@entrepot/core"
import { expect, test } from "vitest"
import type { FillSource } from "./fill-request.ts"
import { pull, testFills } from "./fills.fixture.ts"

const MiB = 1024 * 1024
const size = 48 * MiB

const period = 251_000
const pattern = Buffer.from(Array.from({ length: 3 * period }, (_, index) => Math.floor(index / 1000) % 251))

/** Bytes that say where they are. */
const bytesAt = (from: number, length: number) => Buffer.from(pattern.subarray(from % period, (from % period) + length))

/** An upstream that gives the beginning of a blob and then falls silent, but answers ranges, or does not know them. */
class SilentSource implements FillSource {
  readonly host = "upstream.test"
  readonly canRange = true as const
  readonly asked: (readonly [from: number, to: number])[] = []
  readonly #knowsRanges: boolean

  constructor(knowsRanges: boolean) {
    this.#knowsRanges = knowsRanges
  }

  async hasBlob(): Promise<boolean> {
    return true
  }

  async openBlob(blob: Descriptor, range: ReadRange = {}, signal?: AbortSignal) {
    const isFill = range.from === undefined
    this.asked.push([range.from ?? 0, range.to ?? blob.size])
    const from = this.#knowsRanges ? (range.from ?? 0) : 0
    const to = isFill ? MiB : this.#knowsRanges ? (range.to ?? blob.size) : blob.size
    return { offset: from, bytes: this.#flow(from, to, isFill, signal) }
  }

  async *#flow(from: number, to: number, goesSilent: boolean, signal?: AbortSignal): ByteStream {
    for (let at = from; at < to; at += 64 * 1024) {
      yield bytesAt(at, Math.min(64 * 1024, to - at))
    }
    if (goesSilent) await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted"))))
  }
}

test.each([true, false])(
  "a range far ahead of its fill comes straight from the upstream (ranges known: %s)",
  async (knowsRanges) => {
    const source = new SilentSource(knowsRanges)
    const blob = { mediaType: "application/octet-stream", digest: `sha256:${"0".repeat(64)}`, size }
    const { fills, warehouse } = await testFills({ session: { stallMs: 60_000 } })
    const [from, to] = [40 * MiB + 7, 40 * MiB + 300_007]
    const bytes = await pull(fills, { repositoryId: 1, blob, sources: [source] }, { from, to })
    expect(bytes.equals(bytesAt(from, to - from))).toBe(true)
    expect(source.asked).toContainEqual([from, to])
    expect(warehouse.entered).toEqual([])
  },
)
