import type { BlobEvent, PlanEvent } from "@entrepot/core"
import type { JobProgress } from "@entrepot/db/stores"

const underWay: readonly BlobEvent["state"][] = ["copying", "retrying"]
const settled: readonly BlobEvent["state"][] = ["done", "present", "mounted", "skipped"]

/** Adds the counters of all blobs up to where a copy stands. */
export class ProgressMeter {
  readonly #blobs = new Map<string, BlobEvent>()
  #planned = new Map<string, number>()

  plan({ blobs }: PlanEvent): void {
    this.#planned = new Map(blobs.map(({ digest, size }) => [digest, size]))
  }

  take(event: BlobEvent): void {
    this.#blobs.set(event.label ?? event.digest, event)
  }

  get value(): JobProgress {
    const sizes = new Map(this.#planned)
    let bytesDone = 0
    const blobs: BlobEvent[] = []
    for (const [key, event] of this.#blobs) {
      sizes.set(key, event.size)
      bytesDone += settled.includes(event.state) ? event.size : Math.min(event.offset, event.size)
      if (underWay.includes(event.state)) blobs.push(event)
    }
    return { bytesDone, bytesTotal: [...sizes.values()].reduce((sum, size) => sum + size, 0), blobs }
  }
}
