import { and, count, desc, eq } from "drizzle-orm"
import { type Context, rows, type Work } from "../engine/engine.ts"
import { jobStates } from "./job.ts"
import type { JobHost, Visibility } from "./job-store.ts"

/** Of everybody's jobs the newest so many are looked at, whatever their states: the history may have a million. */
const newest = 10_000
/** Of one owner's the newest so many in each state, as the owners' index has them. */
const newestInState = 2_000
const mostHosts = 100

interface Pair {
  readonly source: string
  readonly target: string
  readonly jobs: number
}

/** JobStore.hosts. Files and batches have no host, and are not told. */
export function* listHosts(context: Context, visibility: Visibility): Work<readonly JobHost[]> {
  const counts = new Map<string, JobHost>()
  const add = (host: string, side: JobHost["side"], jobs: number) => {
    if (host === "") return
    const key = `${side} ${host}`
    counts.set(key, { host, side, jobs: (counts.get(key)?.jobs ?? 0) + jobs })
  }
  for (const { source, target, jobs } of yield* pairs(context, visibility)) {
    add(source, "source", jobs)
    add(target, "target", jobs)
  }
  return [...counts.values()]
    .sort((one, other) => other.jobs - one.jobs || (one.host < other.host ? -1 : one.host > other.host ? 1 : 0))
    .slice(0, mostHosts)
}

function* pairs(context: Context, visibility: Visibility): Work<readonly Pair[]> {
  const { jobs } = context.tables
  if (visibility === "all") return yield* countPairs(context, undefined, newest)
  const found: Pair[] = []
  for (const state of jobStates) {
    const own = and(eq(jobs.ownerId, visibility.ownerId), eq(jobs.state, state))
    found.push(...(yield* countPairs(context, own, newestInState)))
  }
  return found
}

function* countPairs({ db, tables: { jobs } }: Context, where: ReturnType<typeof and>, limit: number): Work<readonly Pair[]> {
  const recent = db
    .select({ source: jobs.sourceHost, target: jobs.targetHost })
    .from(jobs)
    .where(where)
    .orderBy(desc(jobs.id))
    .limit(limit)
    .as("recent")
  return yield* rows(
    db.select({ source: recent.source, target: recent.target, jobs: count() }).from(recent).groupBy(recent.source, recent.target),
  )
}
