import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { performance } from "node:perf_hooks"
import { type Database, openDatabase } from "../../../packages/db/src/index.ts"
import { quantile, shortTime } from "./app-table.ts"
import { openRawPostgres, openRawSqlite, type RawConnection } from "./drivers.ts"
import { fillHistory } from "./fill-history.ts"
import { historyQuestions } from "./history-queries.ts"

export interface HistoryBenchOptions {
  /** The repository. */
  readonly root: string
  /** Jobs in the history. */
  readonly count: number
  /** Times that each question is asked. */
  readonly rounds: number
  /** An empty PostgreSQL database; without one, SQLite alone. */
  readonly postgres: string | undefined
  readonly say: (text: string) => void
}

/** How long one question took, the first time and then. */
interface Answered {
  readonly title: string
  readonly rows: number
  readonly firstMs: number
  readonly medianMs: number
  readonly p99Ms: number
}

/** Fills a history and asks it what pages and clients ask. A table, the first row its head. */
export async function benchHistory(options: HistoryBenchOptions): Promise<string[][]> {
  const answers = new Map([["SQLite", await onSqlite(options)]])
  if (options.postgres !== undefined) answers.set("PostgreSQL", await onPostgres(options.postgres, options))
  const [first] = answers.values()
  const names = [...answers.keys()]
  return [
    ["question", "rows", ...names.flatMap((name) => [`${name}, first`, "median", "p99"])],
    ...(first ?? []).map(({ title, rows }, at) => [
      title,
      String(rows),
      ...names.flatMap((name) => {
        const answered = answers.get(name)?.[at]
        return answered ? [answered.firstMs, answered.medianMs, answered.p99Ms].map(shortTime) : ["", "", ""]
      }),
    ]),
  ]
}

async function onSqlite(options: HistoryBenchOptions): Promise<Answered[]> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-history-"))
  try {
    const path = join(directory, "history.db")
    const location = { kind: "sqlite", path } as const
    await (await openDatabase(location)).close()
    await fill("sqlite", openRawSqlite(options.root, path), options)
    options.say(`history: SQLite's file has ${Math.round((await stat(path)).size / 2 ** 20)} MiB`)
    return await timed(await openDatabase(location), options)
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function onPostgres(url: string, options: HistoryBenchOptions): Promise<Answered[]> {
  const location = { kind: "postgres", url } as const
  await (await openDatabase(location)).close()
  await fill("postgres", await openRawPostgres(options.root, url), options)
  return await timed(await openDatabase(location), options)
}

async function fill(dialect: "sqlite" | "postgres", raw: RawConnection, { count, say }: HistoryBenchOptions): Promise<void> {
  const began = performance.now()
  await fillHistory(dialect, count, raw.execute)
  await raw.close()
  say(`history: ${dialect} filled with ${count} jobs in ${shortTime(performance.now() - began)}`)
}

async function timed(database: Database, { count, rounds, say }: HistoryBenchOptions): Promise<Answered[]> {
  const answered: Answered[] = []
  for (const { title, ask } of historyQuestions(count)) {
    const times: number[] = []
    let rows = 0
    for (let round = 0; round < rounds; round++) {
      const began = performance.now()
      rows = await ask(database.jobs, round)
      times.push(performance.now() - began)
    }
    const firstMs = times[0] ?? 0
    times.sort((a, b) => a - b)
    answered.push({ title, rows, firstMs, medianMs: quantile(times, 0.5), p99Ms: quantile(times, 0.99) })
    say(`history: ${title}: ${shortTime(quantile(times, 0.5))}`)
  }
  await database.close()
  return answered
}
