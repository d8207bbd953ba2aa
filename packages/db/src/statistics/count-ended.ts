import type { TransferTotals } from "@entrepot/core"
import { and, eq, gte, inArray, or, sql } from "drizzle-orm"
import { type Context, rows, run, type Work } from "../engine/engine.ts"
import type { JobRow } from "../jobs/job-row.ts"
import type { Tables } from "../schema/tables.ts"
import { everyone, nothing, tallyNames, tallyOf } from "./meters.ts"
import type { Tally } from "./statistics-store.ts"

/** Moves the meters by jobs that have just ended, as these rows say. The transaction holds the queue's lock, so that nobody else moves them. */
export function* countEnded(context: Context, ended: readonly JobRow[]): Work<void> {
  for (const group of groupsOf(ended)) {
    const meterIds = yield* readyMeters(context, group)
    const { db, tables } = context
    const { meterReadings } = tables
    // A clock that went back leaves later readings behind: they come to more, too.
    yield* run(
      db
        .update(meterReadings)
        .set(Object.fromEntries(tallyNames.map((name) => [name, sql`${meterReadings[name]} + ${group.tally[name]}`])))
        .where(and(inArray(meterReadings.meterId, meterIds), gte(meterReadings.hour, group.hour))),
    )
  }
}

/** Jobs of one owner between the same hosts that ended in the same hour move the same meters. */
interface Group extends Pick<JobRow, "ownerId" | "sourceHost" | "targetHost"> {
  readonly hour: number
  readonly tally: Tally
}

const hourMs = 3_600_000

function groupsOf(ended: readonly JobRow[]): Iterable<Group> {
  const groups = new Map<string, Group>()
  for (const job of ended) {
    if (job.kind !== "mirror" || job.endedAt === null) continue
    const { ownerId, sourceHost, targetHost } = job
    const hour = Math.floor(job.endedAt / hourMs)
    const key = JSON.stringify([hour, ownerId, sourceHost, targetHost])
    const own = tallyOfJob(job)
    const { tally } = groups.get(key) ?? { tally: nothing }
    groups.set(key, { hour, ownerId, sourceHost, targetHost, tally: tallyOf((name) => tally[name] + own[name]) })
  }
  return groups.values()
}

function tallyOfJob({ state, unchanged, totals }: JobRow): Tally {
  const { bytesSent, bytesSkipped, durationMs } = {
    ...{ bytesSent: 0, bytesSkipped: 0, durationMs: 0 },
    ...(totals === null ? {} : (JSON.parse(totals) as TransferTotals)),
  }
  return {
    succeeded: state === "succeeded" && !unchanged ? 1 : 0,
    unchanged: state === "succeeded" && unchanged ? 1 : 0,
    failed: state === "failed" ? 1 : 0,
    cancelled: state === "cancelled" ? 1 : 0,
    bytesSent,
    bytesSkipped,
    copyMs: bytesSent > 0 ? Math.round(durationMs) : 0,
    copyBytes: bytesSent,
  }
}

/** The group's meters, made where there were none, each with a reading for the hour that is as yet the same as the one before. */
function* readyMeters(context: Context, group: Group): Work<readonly number[]> {
  const { db, tables } = context
  const { hour, ownerId } = group
  const wanted = [everyone, ownerId].flatMap((each) => placesOf(group).map((place) => ({ ownerId: each, ...place })))
  let found = yield* lastReadings(context, wanted, hour)
  if (found.length < wanted.length) {
    yield* run(db.insert(tables.meters).values(wanted).onConflictDoNothing())
    found = yield* lastReadings(context, wanted, hour)
  }
  const begun = found.filter(({ reading }) => reading?.hour !== hour)
  if (begun.length > 0) {
    const readings = begun.map(({ id, reading }) => ({ ...(reading ?? nothing), meterId: id, hour }))
    yield* run(db.insert(tables.meterReadings).values(readings))
  }
  return found.map(({ id }) => id)
}

function placesOf({ sourceHost, targetHost }: Group) {
  const sides = [
    { side: "source", host: sourceHost },
    { side: "target", host: targetHost },
  ]
  return [{ side: "all", host: "" }, ...sides.filter(({ host }) => host !== "")]
}

/** These meters, each with its last reading up to that hour. */
function lastReadings(
  { db, tables: { meters, meterReadings } }: Context,
  wanted: readonly Omit<Tables["meters"]["$inferSelect"], "id">[],
  hour: number,
) {
  const last = sql`(
    select max(earlier.hour) from ${meterReadings} earlier where earlier.meter_id = ${meters.id} and earlier.hour <= ${hour}
  )`
  return rows(
    db
      .select({ id: meters.id, reading: meterReadings })
      .from(meters)
      .leftJoin(meterReadings, and(eq(meterReadings.meterId, meters.id), eq(meterReadings.hour, last)))
      .where(
        or(
          ...wanted.map(({ ownerId, side, host }) =>
            and(eq(meters.ownerId, ownerId), eq(meters.side, side), eq(meters.host, host)),
          ),
        ),
      ),
  )
}
