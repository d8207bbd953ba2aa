const given = "action in ('pull', 'blob') and status in (200, 206, 304)"
const pulls = `action = 'pull' and reference not like '%:%' and ${given}`

/** What the access log tells of was served, by the hour; the same text for both dialects. What upstreams were asked for it does not tell. */
export const fillServedHours = `insert into served_hours
  select
    at / 3600000,
    count(*) filter (where action <> 'login'),
    count(*) filter (where ${pulls}),
    count(*) filter (where status in (403, 429) or (status = 401 and action = 'login')),
    count(*) filter (where status >= 500),
    count(*) filter (where method = 'GET' and cache <> 'miss' and ${given}),
    count(*) filter (where method = 'GET' and cache = 'stale' and ${given}),
    count(*) filter (where method = 'GET' and cache = 'miss' and ${given}),
    coalesce(sum(bytes) filter (where action not in ('login', 'push')), 0),
    coalesce(sum(bytes) filter (where action = 'push'), 0),
    0
  from access_log
  group by at / 3600000`

/** What of which repository, by the day; the same text for both dialects. */
export const pulledOfLog = `create temp table pulled_of_log as
  select at / 86400000 as day, repository, count(*) filter (where ${pulls}) as pulls, sum(bytes) as bytes_sent
  from access_log
  where ${given}
  group by at / 86400000, repository
  having count(*) filter (where ${pulls}) > 0 or sum(bytes) > 0`

/** From `pulled_of_log` to the repositories; `month` says which month a `day` is of. */
export function fillRepositories(month: string): readonly string[] {
  const named = "from pulled_of_log join pulled_repositories on pulled_repositories.name = pulled_of_log.repository"
  return [
    "insert into pulled_repositories (name) select distinct repository from pulled_of_log order by repository",
    `insert into repository_days select day, id, pulls, bytes_sent ${named}`,
    `insert into repository_months select ${month}, id, sum(pulls), sum(bytes_sent) ${named} group by ${month}, id`,
    "drop table pulled_of_log",
  ]
}
