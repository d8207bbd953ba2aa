/** The registry's tables, for SQLite. What the first migration made of them was never written to, and is made anew. */
export const sqlite: readonly string[] = [
  "drop table blob_links",
  "drop table tags",
  "drop table manifests",
  "drop table blobs",
  "drop table repositories",
  "drop table upstreams",
  "drop table whitelists",
  "drop table access_log",
  "alter table projects add column is_public integer not null default 0",
  `create table upstreams (
    id integer primary key autoincrement,
    name text not null,
    registry text not null,
    url text not null,
    path_prefix text not null,
    priority integer not null,
    enabled integer not null,
    virtual_hosts text not null,
    tag_lifetime_ms integer,
    tls_verify integer not null,
    ca text,
    username text,
    sealed text,
    version integer not null,
    created_at integer not null,
    updated_at integer not null
  )`,
  "create unique index upstreams_name on upstreams (name)",
  "create index upstreams_registry on upstreams (registry, priority)",
  `create table repositories (
    id integer primary key autoincrement,
    name text not null,
    project_id integer references projects (id),
    registry text,
    shared integer not null,
    created_at integer not null,
    used_at integer not null
  )`,
  "create unique index repositories_name on repositories (name)",
  "create index repositories_project on repositories (project_id, name)",
  "create index repositories_registry on repositories (registry, name)",
  `create table manifest_contents (
    digest text primary key not null,
    bytes blob not null
  )`,
  // Rows that are found by their whole key lie in the key's own tree: one look-up, not two.
  `create table manifest_references (
    manifest_digest text not null references manifest_contents (digest) on delete cascade,
    digest text not null,
    kind text not null,
    size_bytes integer not null,
    primary key (manifest_digest, digest, kind)
  ) without rowid`,
  "create index manifest_references_digest on manifest_references (digest, kind, manifest_digest)",
  `create table manifests (
    repository_id integer not null references repositories (id) on delete cascade,
    digest text not null references manifest_contents (digest),
    media_type text not null,
    size_bytes integer not null,
    artifact_type text,
    subject text,
    annotations text,
    created_at integer not null,
    used_at integer not null,
    primary key (repository_id, digest)
  )`,
  "create index manifests_digest on manifests (digest)",
  "create index manifests_subject on manifests (repository_id, subject, digest) where subject is not null",
  "create index manifests_used on manifests (used_at)",
  `create table tags (
    repository_id integer not null,
    name text not null,
    digest text not null,
    checked_at integer not null,
    updated_at integer not null,
    primary key (repository_id, name),
    foreign key (repository_id, digest) references manifests (repository_id, digest) on delete cascade
  ) without rowid`,
  "create index tags_digest on tags (repository_id, digest)",
  `create table blobs (
    digest text primary key not null,
    size_bytes integer not null,
    named integer not null,
    created_at integer not null,
    used_at integer not null,
    verified_at integer not null
  ) without rowid`,
  "create index blobs_unnamed on blobs (used_at) where not named",
  `create table blob_links (
    repository_id integer not null references repositories (id) on delete cascade,
    digest text not null,
    created_at integer not null,
    primary key (repository_id, digest)
  ) without rowid`,
  "create index blob_links_digest on blob_links (digest)",
  `create table uploads (
    id text primary key not null,
    repository_id integer not null references repositories (id) on delete cascade,
    algorithm text not null,
    started_at integer not null
  )`,
  "create index uploads_repository on uploads (repository_id)",
  "create index uploads_started on uploads (started_at)",
  `create table whitelists (
    id integer primary key autoincrement,
    effect text not null,
    prefix text not null,
    created_at integer not null
  )`,
  "create unique index whitelists_prefix on whitelists (effect, prefix)",
  `create table project_members (
    project_id integer not null references projects (id) on delete cascade,
    kind text not null,
    member_id integer not null,
    role text not null,
    primary key (project_id, kind, member_id)
  )`,
  "create index project_members_member on project_members (kind, member_id)",
  `create table access_log (
    id integer primary key autoincrement,
    at integer not null,
    user_name text not null,
    address text not null,
    action text not null,
    method text not null,
    repository text not null,
    reference text not null,
    status integer not null,
    bytes integer not null,
    duration_ms integer not null,
    cache text,
    upstream text,
    user_agent text not null
  )`,
  "create index access_log_at on access_log (at)",
  "create index access_log_user on access_log (user_name, at)",
  "create index access_log_repository on access_log (repository, at)",
  "insert into counters (name, value) values ('warehouse', 0)",
]
