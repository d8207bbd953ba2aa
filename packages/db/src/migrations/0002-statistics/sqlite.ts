import { fillMeters } from "./fill-meters.ts"

/** Meters, and what the jobs that there are have moved them to, for SQLite. */
export const sqlite: readonly string[] = [
  `create table meters (
    id integer primary key autoincrement,
    owner_id integer not null,
    side text not null,
    host text not null
  )`,
  "create unique index meters_place on meters (owner_id, side, host)",
  // Without rowid the readings of a meter lie side by side.
  `create table meter_readings (
    meter_id integer not null references meters (id) on delete cascade,
    hour integer not null,
    succeeded integer not null,
    unchanged integer not null,
    failed integer not null,
    cancelled integer not null,
    bytes_sent integer not null,
    bytes_skipped integer not null,
    copy_ms integer not null,
    copy_bytes integer not null,
    primary key (meter_id, hour)
  ) without rowid`,
  `create temp table ended_jobs as
    select
      owner_id,
      source_host,
      target_host,
      hour,
      count(*) filter (where state = 'succeeded' and not unchanged) as succeeded,
      count(*) filter (where state = 'succeeded' and unchanged) as unchanged,
      count(*) filter (where state = 'failed') as failed,
      count(*) filter (where state = 'cancelled') as cancelled,
      sum(bytes_sent) as bytes_sent,
      sum(bytes_skipped) as bytes_skipped,
      sum(case when bytes_sent > 0 then duration_ms else 0 end) as copy_ms,
      sum(bytes_sent) as copy_bytes
    from (
      select
        owner_id, source_host, target_host, state, unchanged,
        ended_at / 3600000 as hour,
        cast(coalesce(totals ->> 'bytesSent', 0) as integer) as bytes_sent,
        cast(coalesce(totals ->> 'bytesSkipped', 0) as integer) as bytes_skipped,
        cast(coalesce(totals ->> 'durationMs', 0) as integer) as duration_ms
      from jobs
      where kind = 'mirror' and state in ('succeeded', 'failed', 'cancelled') and ended_at is not null
    ) as ended
    group by owner_id, source_host, target_host, hour`,
  ...fillMeters,
]
