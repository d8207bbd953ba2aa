import { fillRepositories, fillServedHours, pulledOfLog } from "./fill-served.ts"

/** Month since January 1970. */
const month = "(strftime('%Y', day * 86400, 'unixepoch') - 1970) * 12 + strftime('%m', day * 86400, 'unixepoch') - 1"

/** Counts of what was served, looks after the warehouse, and webhooks, for SQLite. */
export const sqlite: readonly string[] = [
  `create table served_hours (
    hour integer primary key,
    requests integer not null,
    pulls integer not null,
    refused integer not null,
    failures integer not null,
    hits integer not null,
    stale integer not null,
    misses integer not null,
    bytes_sent integer not null,
    bytes_pushed integer not null,
    bytes_fetched integer not null
  )`,
  // Without rowid the rows of an hour, day or month lie side by side.
  `create table upstream_hours (
    hour integer not null,
    host text not null,
    requests integer not null,
    failures integer not null,
    wait_ms integer not null,
    bytes_fetched integer not null,
    primary key (hour, host)
  ) without rowid`,
  `create table upstream_days (
    day integer not null,
    host text not null,
    requests integer not null,
    failures integer not null,
    wait_ms integer not null,
    bytes_fetched integer not null,
    primary key (day, host)
  ) without rowid`,
  `create table pulled_repositories (
    id integer primary key autoincrement,
    name text not null
  )`,
  "create unique index pulled_repositories_name on pulled_repositories (name)",
  `create table repository_days (
    day integer not null,
    repository_id integer not null references pulled_repositories (id),
    pulls integer not null,
    bytes_sent integer not null,
    primary key (day, repository_id)
  ) without rowid`,
  `create table repository_months (
    month integer not null,
    repository_id integer not null references pulled_repositories (id),
    pulls integer not null,
    bytes_sent integer not null,
    primary key (month, repository_id)
  ) without rowid`,
  fillServedHours,
  pulledOfLog,
  ...fillRepositories(month),
  `create table care_runs (
    id integer primary key autoincrement,
    kind text not null,
    started_by text not null,
    started_at integer not null,
    ended_at integer,
    findings text not null,
    error text
  )`,
  `create table webhooks (
    id integer primary key autoincrement,
    name text not null,
    format text not null,
    host text not null,
    sealed text not null,
    events text not null,
    enabled integer not null,
    locale text not null,
    version integer not null,
    free_at integer not null default 0,
    created_at integer not null,
    updated_at integer not null
  )`,
  "create unique index webhooks_name on webhooks (name)",
  `create table webhook_deliveries (
    id integer primary key autoincrement,
    webhook_id integer not null references webhooks (id) on delete cascade,
    event text not null,
    subject text,
    facts text not null,
    state text not null,
    attempts integer not null,
    next_at integer,
    created_at integer not null,
    ended_at integer,
    status integer,
    error text,
    duration_ms integer
  )`,
  "create index webhook_deliveries_webhook on webhook_deliveries (webhook_id, id)",
  "create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_at, id) where next_at is not null",
  "create index webhook_deliveries_ended on webhook_deliveries (ended_at) where ended_at is not null",
  "create index webhook_deliveries_subject on webhook_deliveries (subject, created_at) where subject is not null",
  "insert into counters (name, value) values ('access log', 0), ('webhooks', 0)",
]
