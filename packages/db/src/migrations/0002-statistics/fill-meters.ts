const counts = "succeeded, unchanged, failed, cancelled, bytes_sent, bytes_skipped, copy_ms, copy_bytes"
const sums = counts.replace(/\w+/g, "sum($&) as $&")
const readings = counts.replace(/\w+/g, "sum($&) over run")

/** From `ended_jobs` (what ended, by hour, owner and hosts) to the meters; the same text for both dialects. */
export const fillMeters: readonly string[] = [
  `create temp table ended_sides as
    select owner_id, 'all' as side, '' as host, hour, ${sums} from ended_jobs group by owner_id, hour
    union all
    select owner_id, 'source', source_host, hour, ${sums} from ended_jobs where source_host <> '' group by owner_id, source_host, hour
    union all
    select owner_id, 'target', target_host, hour, ${sums} from ended_jobs where target_host <> '' group by owner_id, target_host, hour`,
  `insert into ended_sides select 0, side, host, hour, ${sums} from ended_sides group by side, host, hour`,
  "insert into meters (owner_id, side, host) select distinct owner_id, side, host from ended_sides order by owner_id, side, host",
  `insert into meter_readings (meter_id, hour, ${counts})
    select meters.id, hour, ${readings}
    from ended_sides join meters using (owner_id, side, host)
    window run as (partition by meters.id order by hour)`,
  "drop table ended_sides",
  "drop table ended_jobs",
]
