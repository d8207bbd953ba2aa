import { describeError, isTransferError } from "@entrepot/core"
import type { CareKind, CareObserver, CareReports, CareWork } from "@entrepot/registry"
import { ServiceError } from "../../errors/service-error.ts"
import { pulseOf } from "../../jobs/run/process-id.ts"
import type { CareView } from "../administration/registry-service.ts"
import { isEmpty, readFindings } from "./care-findings.ts"
import { beatMs, RecordedRun, type RunParts } from "./recorded-run.ts"

/** Rows that are kept, and those of them that are shown. */
const keptRuns = 200
const shownRuns = 100

/** A run of another process that was silent for so long counts as gone, milliseconds. */
const silentMs = 6 * beatMs

/** Evictions for want of room that follow so closely are one run, and a run that long is enough, milliseconds. */
const sameEvictionMs = 10 * 60_000
const longestEvictionMs = 60 * 60_000

/** Every look after the warehouse: those that people begin, which go on in the background of this process, and the warehouse's own. */
export class CareRuns implements CareObserver {
  readonly #parts: RunParts
  readonly #open = new Map<RecordedRun, Promise<unknown>>()
  /** What the warehouse evicts for want of room: often and little. */
  #eviction: RecordedRun | undefined
  #evicting = 0
  #closed = false

  constructor(parts: RunParts) {
    this.#parts = parts
  }

  isUnderWay(kind: CareKind): boolean {
    return [...this.#open.keys()].some((run) => run.kind === kind && run.endedAt === undefined)
  }

  /** For the warehouse itself. */
  async observe<Kind extends CareKind>(kind: Kind, work: CareWork<Kind>): Promise<CareReports[Kind]> {
    if (this.#closed) return await work(() => undefined, new AbortController().signal)
    if (kind === "evict") return await this.#observeEviction(kind, work)
    const run = new RecordedRun(this.#parts, kind, "")
    const working = this.#perform(run, kind, work)
    this.#follow(run, working)
    return await working
  }

  /**
   * For people. Resolves when it has begun. @throws ServiceError `conflict` while one of its kind is under way; when the database does not answer.
   */
  async begin<Kind extends CareKind>(kind: Kind, by: string, work: CareWork<Kind>): Promise<CareView> {
    const others = (await this.list()).some(
      (each) => each.kind === kind && each.isRunning && (kind !== "evict" || each.by !== ""),
    )
    if (others || this.isUnderWay(kind)) {
      throw new ServiceError("conflict", "this is under way already; wait for its end, or stop it")
    }
    if (this.#closed) throw new ServiceError("unavailable", "the server is stopping")
    const run = new RecordedRun(this.#parts, kind, by)
    this.#open.set(run, Promise.resolve())
    try {
      await run.id
    } catch (error) {
      this.#open.delete(run)
      throw error
    }
    this.#follow(run, this.#perform(run, kind, work))
    return await run.view()
  }

  /** Ends one of this process, and waits for its end. @throws ServiceError `not_found`. */
  async stop(id: number, by: string): Promise<CareView> {
    for (const [run, ended] of this.#open) {
      if ((await run.id.catch(() => undefined)) !== id) continue
      run.stop(`stopped by ${by}`)
      await ended
      return await run.view()
    }
    throw new ServiceError("not_found", "nothing of that number is under way in this process")
  }

  /** The newest first. */
  async list(): Promise<readonly CareView[]> {
    const rows = await this.#parts.stores.careRuns.list(shownRuns)
    const own = new Map<number, RecordedRun>()
    for (const run of [...this.#open.keys(), ...(this.#eviction === undefined ? [] : [this.#eviction])]) {
      const id = await run.id.catch(() => undefined)
      if (id !== undefined) own.set(id, run)
    }
    return await Promise.all(
      rows.map(async (row) => {
        const run = own.get(row.id)
        if (run !== undefined) return await run.view()
        const { findings, wrong, holder, at } = readFindings(row.findings)
        const isRunning = row.endedAt === null && (await this.#goesOn(holder, at))
        return { ...row, isRunning, findings, wrong }
      }),
    )
  }

  /** Ends everything, and writes down what was found. From now on nothing is recorded. */
  async close(): Promise<void> {
    this.#closed = true
    for (const run of this.#open.keys()) run.stop("the server was stopped")
    await Promise.all(this.#open.values())
    await this.#eviction?.flush()
  }

  async #perform<Kind extends CareKind>(run: RecordedRun, kind: Kind, work: CareWork<Kind>): Promise<CareReports[Kind]> {
    try {
      const report = await work((soFar) => run.found(kind, soFar), run.signal)
      run.found(kind, report)
      await run.end()
      return report
    } catch (error) {
      run.fail(sentenceOf(error))
      await run.end()
      throw error
    } finally {
      await this.#tidy(run)
    }
  }

  /** What fails is told in its row, and for people's own runs, nowhere else, in the log. */
  #follow(run: RecordedRun, working: Promise<unknown>): void {
    const ended = working
      .catch((error: unknown) => {
        if (run.by !== "") this.#parts.log.error({ error, kind: run.kind }, "a care run has failed")
      })
      .finally(() => this.#open.delete(run))
    this.#open.set(run, ended)
  }

  async #observeEviction<Kind extends CareKind>(kind: Kind, work: CareWork<Kind>): Promise<CareReports[Kind]> {
    const run = this.#presentEviction()
    this.#evicting++
    try {
      const report = await work(() => undefined, run.signal)
      run.add(kind, report)
      return report
    } catch (error) {
      run.fail(sentenceOf(error))
      throw error
    } finally {
      this.#evicting--
      if (this.#evicting === 0) run.pause()
    }
  }

  #presentEviction(): RecordedRun {
    const now = this.#parts.now()
    const last = this.#eviction
    if (last?.endedAt === undefined && last !== undefined) return last
    if (last !== undefined && now - (last.endedAt ?? 0) < sameEvictionMs && now - last.startedAt < longestEvictionMs) {
      last.resume()
      return last
    }
    const run = new RecordedRun(this.#parts, "evict", "")
    if (last !== undefined) void last.flush().then(() => this.#tidy(last))
    this.#eviction = run
    return run
  }

  /** Of runs of the warehouse's own that found nothing, or failed in one way, the last one is enough; and of all, the newest. */
  async #tidy(run: RecordedRun): Promise<void> {
    const { careRuns } = this.#parts.stores
    try {
      const id = await run.id
      if (run.by === "" && isEmpty(run.kind, run.findings)) {
        for (const row of await careRuns.list(keptRuns)) {
          const isSame = row.kind === run.kind && row.by === "" && row.id < id && row.endedAt !== null && row.error === run.error
          if (isSame && isEmpty(row.kind, readFindings(row.findings).findings)) await careRuns.remove(row.id)
        }
      }
      await careRuns.prune(keptRuns)
    } catch (error) {
      this.#parts.log.warn({ error: String(error) }, "old care runs could not be forgotten")
    }
  }

  async #goesOn(holder: string, at: number): Promise<boolean> {
    if (holder === "" || holder === this.#parts.holder || this.#parts.now() - at > silentMs) return false
    return (await pulseOf(holder)) !== "dead"
  }
}

function sentenceOf(error: unknown): string {
  return isTransferError(error) ? describeError(error, "en") : "it failed; the server's log says why"
}
