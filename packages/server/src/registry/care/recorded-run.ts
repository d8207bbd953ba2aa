import { type Digest, SerialQueue } from "@entrepot/core"
import type { CareRun, CareRunStore, WarehouseStore } from "@entrepot/db/stores"
import type { CareKind, CareReports } from "@entrepot/registry"
import type { Log } from "../../runtime/runtime.ts"
import type { CareView } from "../administration/registry-service.ts"
import { type KeptFindings, numbersOf, wrongOf } from "./care-findings.ts"

/** How often what is found is noted, milliseconds. */
const noteMs = 1000
/** How often it is said that a run goes on which finds nothing, milliseconds. */
export const beatMs = 5000

/** Repositories that are named for one wrong blob. */
const mostRepositories = 20

/** What every run of this process is written with. */
export interface RunParts {
  readonly stores: { readonly careRuns: CareRunStore; readonly warehouse: Pick<WarehouseStore, "repositoriesOf"> }
  /** This process, as `processId` names it. */
  readonly holder: string
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** One row of the care runs, kept up to date while the run goes on: about once a second, and never in the way of the run. */
export class RecordedRun {
  readonly kind: CareKind
  readonly by: string
  readonly startedAt: number
  readonly #parts: RunParts
  readonly #row: Promise<number>
  readonly #stop = new AbortController()
  readonly #writes = new SerialQueue()
  readonly #wrong = new Map<Digest, readonly string[]>()
  #report: object = {}
  #findings: Readonly<Record<string, number>> = {}
  /** Of earlier turns of the same run. */
  #before: Readonly<Record<string, number>> = {}
  #endedAt: number | null = null
  #error: string | null = null
  #timer: NodeJS.Timeout | undefined
  #isDueSoon = false

  constructor(parts: RunParts, kind: CareKind, by: string) {
    this.#parts = parts
    this.kind = kind
    this.by = by
    this.startedAt = parts.now()
    this.#row = parts.stores.careRuns.begin({ kind, by }, this.startedAt)
    this.#row.then(
      (id) => this.#write(id),
      (error: unknown) => parts.log.warn({ error: String(error) }, "a care run could not be written down"),
    )
    this.#noteIn(beatMs)
  }

  /** Number of the row. @throws when the database did not take it. */
  get id(): Promise<number> {
    return this.#row
  }

  /** Aborted by `stop`. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** Undefined while it goes on. */
  get endedAt(): number | undefined {
    return this.#endedAt ?? undefined
  }

  get findings(): Readonly<Record<string, number>> {
    return this.#findings
  }

  get error(): string | null {
    return this.#error
  }

  found<Kind extends CareKind>(kind: Kind, report: CareReports[Kind]): void {
    this.#report = report
    this.#findings = added(this.#before, numbersOf(kind, report))
    this.#noteIn(noteMs)
  }

  /** Asks it to end; `why` is what people read. */
  stop(why: string): void {
    this.fail(why)
    this.#stop.abort()
  }

  /** Of one more turn of the same run: it comes to what was found before. */
  add<Kind extends CareKind>(kind: Kind, report: CareReports[Kind]): void {
    this.#before = this.#findings
    this.found(kind, report)
  }

  /** It goes on after a pause. */
  resume(): void {
    this.#endedAt = null
  }

  /** The first failure is what people read. */
  fail(why: string): void {
    this.#error ??= why
  }

  /** It is over. Resolves when that is written down, or could not be. */
  async end(): Promise<void> {
    this.#endedAt = this.#parts.now()
    await this.flush()
  }

  /** It is over until it is resumed, which the next note says. */
  pause(): void {
    this.#endedAt = this.#parts.now()
    this.#noteIn(noteMs)
  }

  /** Writes down what is known now. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#row.then(
      (id) => this.#write(id),
      () => undefined,
    )
  }

  async view(): Promise<CareView> {
    return {
      ...{ id: await this.#row, kind: this.kind, by: this.by, startedAt: this.startedAt, endedAt: this.#endedAt },
      ...{ isRunning: this.#endedAt === null, error: this.#error, ...this.#kept() },
    }
  }

  #kept(): Pick<KeptFindings, "findings" | "wrong"> {
    const wrong = [...this.#wrong].map(([digest, repositories]) => ({ digest, repositories }))
    return { findings: this.#findings, wrong }
  }

  /** A note that is due sooner is left alone. */
  #noteIn(ms: number): void {
    if (this.#timer !== undefined && this.#isDueSoon) return
    clearTimeout(this.#timer)
    this.#isDueSoon = ms <= noteMs
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.flush().then(() => {
        if (this.#endedAt === null) this.#noteIn(beatMs)
      })
    }, ms).unref()
  }

  async #write(id: number): Promise<void> {
    await this.#writes.run(async () => {
      try {
        await this.#nameWrong()
        const { holder, now, stores } = this.#parts
        const kept: KeptFindings = { ...this.#kept(), holder, at: now() }
        const changes: Partial<CareRun> = { findings: JSON.stringify(kept), endedAt: this.#endedAt, error: this.#error }
        await stores.careRuns.note(id, changes)
      } catch (error) {
        this.#parts.log.warn({ error: String(error) }, "a care run could not be written down")
      }
    })
  }

  async #nameWrong(): Promise<void> {
    for (const digest of wrongOf(this.#report)) {
      if (this.#wrong.has(digest)) continue
      this.#wrong.set(digest, await this.#parts.stores.warehouse.repositoriesOf(digest, mostRepositories))
    }
  }
}

function added(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(now).map(([name, value]) => [name, value + (before[name] ?? 0)]))
}
