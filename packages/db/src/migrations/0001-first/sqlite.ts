/** The first tables, for SQLite. */
export const sqlite: readonly string[] = [
  `create table config (
    key text primary key not null,
    value text not null,
    updated_at integer not null
  )`,
  `create table counters (
    name text primary key not null,
    value integer not null
  )`,
  `create table web_users (
    id integer primary key autoincrement,
    name text not null,
    role text not null,
    password_hash text,
    disabled integer not null,
    created_at integer not null,
    updated_at integer not null
  )`,
  `create unique index web_users_name on web_users (name)`,
  `create table sessions (
    id_hash text primary key not null,
    user_id integer not null references web_users (id) on delete cascade,
    must_change integer not null,
    created_at integer not null,
    seen_at integer not null,
    address text not null
  )`,
  `create index sessions_user on sessions (user_id)`,
  `create table api_keys (
    id text primary key not null,
    user_id integer not null references web_users (id) on delete cascade,
    name text not null,
    hash text not null,
    scopes text not null,
    expires_at integer,
    last_used_at integer,
    created_at integer not null
  )`,
  `create index api_keys_user on api_keys (user_id)`,
  `create table audit_log (
    id integer primary key autoincrement,
    at integer not null,
    actor_id integer,
    actor_name text not null,
    action text not null,
    subject text not null,
    outcome text not null,
    address text not null
  )`,
  `create table targets (
    id integer primary key autoincrement,
    owner_id integer not null,
    shared integer not null,
    name text not null,
    host text not null,
    project text not null,
    naming text not null,
    plain_http integer not null,
    tls_verify integer not null,
    ca text,
    username text,
    sealed text,
    version integer not null,
    created_at integer not null,
    updated_at integer not null
  )`,
  `create table projects (
    id integer primary key autoincrement,
    name text not null,
    owner_id integer not null,
    target_id integer references targets (id) on delete set null,
    path text not null,
    created_at integer not null
  )`,
  `create unique index projects_name on projects (name)`,
  `create table jobs (
    id integer primary key autoincrement,
    kind text not null,
    parent_id integer references jobs (id) on delete cascade,
    owner_id integer not null,
    runner text not null,
    source text not null,
    target text not null,
    source_host text not null,
    target_host text not null,
    request text not null,
    state text not null,
    wait_reason text,
    wait_until integer,
    priority integer not null,
    stage text,
    attempts integer not null,
    cancel_requested integer not null,
    target_id integer,
    credential_sides text not null,
    credentials_holder text,
    fence integer not null,
    runner_id text,
    digest text,
    unchanged integer not null,
    failure text,
    error_message text,
    totals text,
    progress text,
    revision integer not null,
    last_sequence integer not null,
    created_at integer not null,
    started_at integer,
    ended_at integer
  )`,
  `create index jobs_parent on jobs (parent_id, state, id) where parent_id is not null`,
  `create index jobs_state on jobs (state, id, parent_id, created_at)`,
  `create index jobs_owner on jobs (owner_id, state, id, parent_id, created_at, source_host, target_host)`,
  `create index jobs_source_host on jobs (source_host, state, id, parent_id, created_at)`,
  `create index jobs_target_host on jobs (target_host, state, id, parent_id, created_at)`,
  `create index jobs_revision on jobs (revision)`,
  `create index jobs_top on jobs (id) where parent_id is null`,
  `create index jobs_queue on jobs (owner_id, priority, id, credentials_holder) where state = 'queued' and kind = 'mirror' and runner = 'server'`,
  `create index jobs_runner on jobs (runner_id) where state = 'running'`,
  `create index jobs_credentials on jobs (credentials_holder) where credentials_holder is not null`,
  `create index jobs_wait on jobs (wait_until) where state = 'waiting'`,
  `create table job_events (
    job_id integer not null references jobs (id) on delete cascade,
    sequence integer not null,
    at integer not null,
    event text not null,
    primary key (job_id, sequence)
  )`,
  `create table removed_jobs (
    job_id integer primary key,
    owner_id integer not null,
    revision integer not null,
    removed_at integer not null
  )`,
  `create index removed_jobs_revision on removed_jobs (revision)`,
  `create index removed_jobs_at on removed_jobs (removed_at)`,
  `create table job_hours (
    hour integer primary key,
    first_id integer not null,
    last_id integer not null
  )`,
  `create table job_counts (
    owner_id integer not null,
    state text not null,
    count integer not null,
    primary key (owner_id, state)
  )`,
  `create table queue_turns (
    owner_id integer primary key,
    turn integer not null
  )`,
  `create table runners (
    id text primary key not null,
    registered_at integer not null,
    seen_at integer not null
  )`,
  `create table schedules (
    id integer primary key autoincrement,
    owner_id integer not null,
    name text not null,
    cron text not null,
    time_zone text not null,
    request text not null,
    target_id integer,
    enabled integer not null,
    created_at integer not null,
    updated_at integer not null
  )`,
  `create index schedules_owner on schedules (owner_id)`,
  `create table schedule_ticks (
    schedule_id integer not null references schedules (id) on delete cascade,
    tick_at integer not null,
    job_id integer,
    primary key (schedule_id, tick_at)
  )`,
  `create table upstreams (
    id integer primary key autoincrement,
    name text not null,
    host text not null,
    plain_http integer not null,
    tls_verify integer not null,
    username text,
    sealed text,
    version integer not null,
    enabled integer not null,
    tag_lifetime_ms integer,
    created_at integer not null,
    updated_at integer not null
  )`,
  `create unique index upstreams_name on upstreams (name)`,
  `create table repositories (
    id integer primary key autoincrement,
    name text not null,
    project_id integer references projects (id),
    upstream_id integer references upstreams (id),
    created_at integer not null
  )`,
  `create unique index repositories_name on repositories (name)`,
  `create table manifests (
    repository_id integer not null references repositories (id) on delete cascade,
    digest text not null,
    media_type text not null,
    size_bytes integer not null,
    artifact_type text,
    subject text,
    created_at integer not null,
    used_at integer not null,
    primary key (repository_id, digest)
  )`,
  `create index manifests_subject on manifests (repository_id, subject)`,
  `create table tags (
    repository_id integer not null references repositories (id) on delete cascade,
    name text not null,
    digest text not null,
    checked_at integer not null,
    updated_at integer not null,
    primary key (repository_id, name)
  )`,
  `create table blobs (
    digest text primary key not null,
    size_bytes integer not null,
    created_at integer not null,
    used_at integer not null,
    verified_at integer
  )`,
  `create index blobs_used on blobs (used_at)`,
  `create table blob_links (
    repository_id integer not null references repositories (id) on delete cascade,
    digest text not null references blobs (digest),
    created_at integer not null,
    primary key (repository_id, digest)
  )`,
  `create index blob_links_digest on blob_links (digest)`,
  `create table pull_users (
    id integer primary key autoincrement,
    name text not null,
    password_hash text not null,
    disabled integer not null,
    created_at integer not null,
    updated_at integer not null
  )`,
  `create unique index pull_users_name on pull_users (name)`,
  `create table whitelists (
    pull_user_id integer not null references pull_users (id) on delete cascade,
    prefix text not null,
    created_at integer not null,
    primary key (pull_user_id, prefix)
  )`,
  `create table access_log (
    id integer primary key autoincrement,
    at integer not null,
    user_name text,
    address text not null,
    method text not null,
    repository text not null,
    reference text not null,
    status integer not null,
    size_bytes integer not null,
    cache text
  )`,
  `create index access_log_at on access_log (at)`,
  `insert into counters (name, value) values ('revision', 0)`,
  // Parts of names, any case, from three characters on; rows come newest first without being sorted.
  `create virtual table jobs_search using fts5 (source, target, content='jobs', content_rowid='id', tokenize='trigram')`,
  `create trigger jobs_search_insert after insert on jobs begin
    insert into jobs_search (rowid, source, target) values (new.id, new.source, new.target);
  end`,
  `create trigger jobs_search_delete after delete on jobs begin
    insert into jobs_search (jobs_search, rowid, source, target) values ('delete', old.id, old.source, old.target);
  end`,
  `create trigger jobs_search_update after update of source, target on jobs begin
    insert into jobs_search (jobs_search, rowid, source, target) values ('delete', old.id, old.source, old.target);
    insert into jobs_search (rowid, source, target) values (new.id, new.source, new.target);
  end`,
  `create trigger job_counts_insert after insert on jobs when new.kind = 'mirror' begin
    insert into job_counts (owner_id, state, count) values (new.owner_id, new.state, 1)
      on conflict (owner_id, state) do update set count = count + 1;
  end`,
  `create trigger job_counts_update after update of state on jobs when new.kind = 'mirror' and new.state <> old.state begin
    update job_counts set count = count - 1 where owner_id = old.owner_id and state = old.state;
    insert into job_counts (owner_id, state, count) values (new.owner_id, new.state, 1)
      on conflict (owner_id, state) do update set count = count + 1;
  end`,
  `create trigger job_counts_delete after delete on jobs when old.kind = 'mirror' begin
    update job_counts set count = count - 1 where owner_id = old.owner_id and state = old.state;
  end`,
  `create view proxy_history as
    select
      id,
      source as source_image,
      target as target_image,
      target_host,
      case state when 'succeeded' then 'success' else 'failed' end as status,
      error_message as error_msg,
      (ended_at - coalesce(started_at, ended_at)) / 1000 as duration,
      datetime(created_at / 1000, 'unixepoch') as created_at
    from jobs
    where kind = 'mirror' and state in ('succeeded', 'failed')`,
]
