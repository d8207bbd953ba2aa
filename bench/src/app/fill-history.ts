import { historyName, nameCount, needle } from "./history-names.ts"

/** Takes one statement after the other; `rows` are for its placeholders, one execution each. */
export type Execute = (statement: string, rows?: readonly (readonly (string | number)[])[]) => Promise<void>

const hourMs = 3_600_000
/** Jobs of a million are a minute apart: about two years. */
const spacingMs = 60_000

const ended = `{"bytesSent":31457280,"bytesSkipped":1048576,"blobsSent":6,"blobsSkipped":1,"blobsMounted":0,"durationMs":4200}`
const failure = `{"code":"not_found","message":"docker.io has no such tag","side":"source","host":"docker.io","status":404}`
const request = `{"source":"docker://docker.io/library/nginx:1.27","target":"docker://harbor.example.com/proxy/nginx:1.27","engine":"direct"}`

/**
 * A history of `count` jobs, in the database's own SQL: 93 % succeeded, 6 % failed, 1 % cancelled; of 200 owners the first has a tenth; every
 * thousandth is a batch, and the 49 after it are its children. The newest thousand have events. The database is empty, but for its tables.
 */
export async function fillHistory(dialect: "sqlite" | "postgres", count: number, execute: Execute): Promise<void> {
  const sqlite = dialect === "sqlite"
  const [yes, no] = sqlite ? ["1", "0"] : ["true", "false"]
  const first = Date.now() - count * spacingMs
  const series = sqlite
    ? `(with recursive c(n) as (select 1 union all select n + 1 from c where n < ${count}) select n from c) as numbers`
    : `generate_series(1::bigint, ${count}::bigint) as numbers(n)`
  const placeholders = (amount: number) => Array.from({ length: amount }, (_, at) => (sqlite ? "?" : `$${at + 1}`)).join(", ")

  await execute(
    "create table history_names (id integer primary key, source text, target text, source_host text, target_host text)",
  )
  const names = Array.from({ length: nameCount }, (_, id) => {
    const { source, target, sourceHost, targetHost } = historyName(id)
    return [id, source, target, sourceHost, targetHost]
  })
  await execute(`insert into history_names values (${placeholders(5)})`, names)
  // What searches and counts is filled at the end: row by row it would take many times as long.
  if (sqlite) await execute("drop trigger jobs_search_insert")
  else {
    await execute("alter table jobs disable trigger user")
    for (const column of ["source", "target"]) await execute(`drop index if exists jobs_search_${column}`)
  }
  await execute(`insert into jobs (
      id, kind, parent_id, owner_id, runner, source, target, source_host, target_host, request, state, priority, stage, attempts,
      cancel_requested, credential_sides, fence, digest, unchanged, failure, error_message, totals, revision, last_sequence,
      created_at, started_at, ended_at)
    select n,
      case when n % 1000 = 0 then 'batch' else 'mirror' end,
      case when n % 1000 between 1 and 49 and n > 1000 then n - n % 1000 end,
      case when n % 10 = 0 then 1 else 2 + n % 199 end, 'server',
      name.source, name.target, name.source_host, name.target_host, '${request}',
      case when n % 100 < 93 then 'succeeded' when n % 100 < 99 then 'failed' else 'cancelled' end,
      0, 'tag', 1, ${no}, '[]', 1,
      case when n % 100 < 93 then 'sha256:cf17e6e1b8e1a5e7c1d9a1e0c9d17f3a6b1d6f8f5b0a7f9d3c2b1a0e9f8d7c6b' end,
      case when n % 7 = 0 then ${yes} else ${no} end,
      case when n % 100 between 93 and 98 then '${failure}' end,
      case when n % 100 between 93 and 98 then 'docker.io has no such tag' end,
      '${ended}', n, 6, ${first} + n * ${spacingMs}, ${first} + n * ${spacingMs} + 500, ${first} + n * ${spacingMs} + 4700
    from ${series} join history_names as name on name.id = n % ${nameCount}`)
  await execute(`insert into job_hours (hour, first_id, last_id)
    select created_at / ${hourMs}, min(id), max(id) from jobs group by created_at / ${hourMs}`)
  await execute(`insert into job_events (job_id, sequence, at, event)
    select jobs.id, steps.step, jobs.created_at + steps.step, '{"type":"log","level":"info","message":"one of six"}'
    from jobs, (select 1 as step union select 2 union select 3 union select 4 union select 5 union select 6) as steps
    where jobs.id > ${count - 1000}`)
  await execute(`update counters set value = ${count} where name = 'revision'`)
  if (sqlite) {
    await execute("insert into jobs_search (jobs_search) values ('rebuild')")
    await execute(`create trigger jobs_search_insert after insert on jobs begin
      insert into jobs_search (rowid, source, target) values (new.id, new.source, new.target);
    end`)
  } else {
    for (const column of ["source", "target"]) {
      await execute(`create index jobs_search_${column} on jobs using gin (${column} gin_trgm_ops)`)
    }
    await execute(`insert into job_counts (owner_id, state, count)
      select owner_id, state, count(*) from jobs where kind = 'mirror' group by owner_id, state`)
    await execute("alter table jobs enable trigger user")
    await execute("select setval(pg_get_serial_sequence('jobs', 'id'), max(id)) from jobs")
  }
  await execute(`update jobs set source = '${needle}' where id = ${Math.floor(count * 0.314)}`)
  await execute("drop table history_names")
  await execute("analyze")
}
