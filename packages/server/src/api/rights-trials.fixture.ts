import type { Role } from "@entrepot/db/stores"
import type { Runtime } from "../runtime/runtime.ts"
import type { ProcedurePath } from "./procedure-path.ts"
import type { RoutePath } from "./rest/routes.ts"

/** Things of one owner, made anew for every trial: some trials take them away. */
export interface Belongings {
  readonly job: number
  readonly target: number
  readonly schedule: number
  readonly key: string
  readonly project: string
}

/** What a trial touches that belongs to somebody. */
type Owned = "job" | "target" | "schedule" | "key"

/** Who finds things of others there; everybody else is told that there is nothing. */
export const seesAll = {
  job: ["admin", "viewer"],
  target: ["admin"],
  schedule: ["admin", "viewer"],
  key: [],
} as const satisfies Record<Owned, readonly Role[]>

export interface Trial {
  readonly owned?: Owned
  readonly input?: (mine: Belongings) => unknown
}

export interface RouteTrial extends Trial {
  /** In place of `{…}`, in their order. */
  readonly path?: (mine: Belongings) => readonly (string | number)[]
}

const mirror = {
  image: "127.0.0.1:9/library/nginx:1",
  target: { address: "127.0.0.1:9", plainHttp: true },
  sourcePlainHttp: true,
}
const oneJob: Trial = { owned: "job", input: ({ job }) => ({ id: job }) }
const oneTarget: Trial = { owned: "target", input: ({ target }) => ({ id: target }) }
const oneSchedule: Trial = { owned: "schedule", input: ({ schedule }) => ({ id: schedule }) }
const webhook = { format: "slack", url: "http://127.0.0.1:9/hook", events: ["job.failed"] }
const schedule = { name: "nightly", cron: "0 3 * * *", request: { image: "nginx:1" }, enabled: false }

/** A request for every procedure: one that is missing does not compile. */
export const procedureTrials = {
  "image.parse": { input: () => ({ image: "nginx" }) },
  "image.inspect": { input: () => ({ image: mirror.image, sourcePlainHttp: true }) },
  "image.plan": { input: () => mirror },
  "jobs.start": { input: () => mirror },
  "jobs.startBatch": { input: () => ({ ...mirror, images: ["127.0.0.1:9/a:1"] }) },
  "jobs.cancel": oneJob,
  "jobs.retry": oneJob,
  "jobs.remove": oneJob,
  "jobs.get": oneJob,
  "jobs.list": { input: () => ({}) },
  "jobs.summary": oneJob,
  "jobs.counts": {},
  "jobs.hosts": {},
  "jobs.events": oneJob,
  "jobs.ticket": oneJob,
  "jobs.follow": oneJob,
  "jobs.followQueue": { input: () => ({}) },
  "statistics.overview": { input: () => ({ since: Date.now(), step: "hour" }) },
  "statistics.served": { input: () => ({ since: Date.now(), step: "hour" }) },
  "targets.list": {},
  "targets.get": oneTarget,
  "targets.create": { input: () => ({ name: "harbor", address: "harbor.example.com" }) },
  "targets.update": { owned: "target", input: ({ target }) => ({ id: target, version: 1, changes: { name: "other" } }) },
  "targets.remove": oneTarget,
  "targets.check": { owned: "target", input: ({ target }) => ({ targetId: target }) },
  "projects.list": {},
  "projects.get": { input: ({ project }) => ({ project }) },
  "projects.create": { input: ({ job }) => ({ name: `project-${job}` }) },
  "projects.update": { input: () => ({ id: 999, path: "elsewhere" }) },
  "projects.remove": { input: () => ({ id: 999 }) },
  "projects.members.list": { input: () => ({}) },
  "projects.members.put": { input: () => ({ projectId: 999, kind: "web-user", memberId: 999, role: "pull" }) },
  "projects.members.remove": { input: () => ({ projectId: 999, kind: "web-user", memberId: 999 }) },
  "projects.importImage": { input: ({ project }) => ({ project, sourceUrl: "127.0.0.1:9/a:1" }) },
  "projects.imports": { input: ({ project }) => ({ project }) },
  "projects.getImport": { owned: "job", input: ({ project, job }) => ({ project, id: job }) },
  "schedules.list": {},
  "schedules.get": oneSchedule,
  "schedules.create": { input: () => ({ ...schedule, request: { image: "127.0.0.1:9/a:1", targetImage: "127.0.0.1:9/b:1" } }) },
  "schedules.update": { owned: "schedule", input: ({ schedule: id }) => ({ id, changes: { enabled: false } }) },
  "schedules.remove": oneSchedule,
  "schedules.runNow": oneSchedule,
  "accounts.me": {},
  "accounts.login": { input: () => ({ token: "not the token" }) },
  "accounts.logout": {},
  "accounts.changeToken": { input: () => ({ token: "short" }) },
  "accounts.changePassword": { input: () => ({ current: "wrong", next: "a new and long password" }) },
  "accounts.keys.list": {},
  "accounts.keys.create": { input: () => ({ name: "ci", scopes: ["jobs:read"] }) },
  "accounts.keys.remove": { owned: "key", input: ({ key }) => ({ id: key }) },
  "accounts.users.list": {},
  "accounts.users.create": { input: ({ job }) => ({ name: `user-${job}`, password: "a long enough password", role: "viewer" }) },
  "accounts.users.update": { input: () => ({ id: 999, disabled: true }) },
  "accounts.users.remove": { input: () => ({ id: 999 }) },
  "accounts.audit": { input: () => ({}) },
  "settings.get": {},
  "settings.update": { input: () => ({ jobsPerOwner: "configured" }) },
  "registry.place": {},
  "registry.repositories": { input: () => ({}) },
  "registry.tags": { input: () => ({ repository: "nowhere/app" }) },
  "registry.manifests": { input: () => ({ repository: "nowhere/app" }) },
  "registry.removeManifest": { input: () => ({ repository: "nowhere/app", reference: "1" }) },
  "registry.removeRepository": { input: () => ({ repository: "nowhere/app" }) },
  "registry.usage": {},
  "registry.image": { input: () => ({ repository: "nowhere/app", reference: "1" }) },
  "registry.care": {},
  "registry.startCare": { input: () => ({ kind: "evict", toBytes: 1_000_000_000_000 }) },
  "registry.stopCare": { input: () => ({ id: 999 }) },
  "upstreams.list": {},
  "upstreams.get": { input: () => ({ id: 999 }) },
  "upstreams.create": { input: ({ job }) => ({ name: `up-${job}`, registry: "127.0.0.1:9", url: "http://127.0.0.1:9" }) },
  "upstreams.update": { input: () => ({ id: 999, changes: { priority: 1 } }) },
  "upstreams.remove": { input: () => ({ id: 999 }) },
  "upstreams.order": { input: () => ({ ids: [999] }) },
  "upstreams.check": { input: () => ({ id: 999 }) },
  "pullUsers.list": {},
  "pullUsers.create": { input: ({ job }) => ({ name: `puller-${job}`, password: "a long enough password" }) },
  "pullUsers.update": { input: () => ({ id: 999, disabled: true }) },
  "pullUsers.remove": { input: () => ({ id: 999 }) },
  "accessRules.list": { input: () => ({}) },
  "accessRules.create": { input: ({ job }) => ({ effect: "deny", prefix: `nowhere-${job}` }) },
  "accessRules.remove": { input: () => ({ id: 999 }) },
  "accessRules.explain": { input: () => ({ image: "nginx:1" }) },
  "accessRules.mode": {},
  "accessRules.setMode": { input: () => ({ open: true }) },
  "accessLog.list": { input: () => ({}) },
  "accessLog.follow": { input: () => ({}) },
  "accessLog.clear": {},
  "webhooks.list": {},
  "webhooks.create": { input: ({ job }) => ({ ...webhook, name: `bot-${job}` }) },
  "webhooks.update": { input: () => ({ id: 999, changes: { enabled: false } }) },
  "webhooks.remove": { input: () => ({ id: 999 }) },
  "webhooks.test": { input: () => ({ id: 999 }) },
  "webhooks.deliveries": { input: () => ({}) },
  "webhooks.delivery": { input: () => ({ id: 999 }) },
  "webhooks.redeliver": { input: () => ({ id: 999 }) },
} as const satisfies Record<ProcedurePath, Trial>

const oneJobPath = { owned: "job", path: ({ job }: Belongings) => [job] } as const
const rest = {
  source_image: "127.0.0.1:9/a:1",
  source_plain_http: true,
  target_host: "127.0.0.1:9",
  target_plain_http: true,
}

/** A request for every route: one that is missing does not compile. */
export const routeTrials = {
  "GET /healthz": {},
  "GET /readyz": {},
  "GET /metrics": {},
  "GET /api/openapi.json": {},
  "GET /api/docs": {},
  "POST /api/auth/login": { input: () => ({ token: "not the token" }) },
  "POST /api/auth/logout": {},
  "POST /api/auth/token": { input: () => ({ token: "short" }) },
  "GET /api/auth/me": {},
  "POST /api/image/parse": { input: () => ({ image: "nginx" }) },
  "POST /api/proxy/start": { input: () => ({ ...rest, source_image: "NOT/a NAME" }) },
  "GET /api/history": {},
  "GET /api/jobs": {},
  "POST /api/jobs": { input: () => rest },
  "GET /api/jobs/export": {},
  "GET /api/jobs/{id}": oneJobPath,
  "DELETE /api/jobs/{id}": oneJobPath,
  "POST /api/jobs/{id}/cancel": oneJobPath,
  "POST /api/jobs/{id}/retry": oneJobPath,
  "GET /api/jobs/{id}/events": oneJobPath,
  "GET /api/statistics": {},
  "GET /api/statistics/served": {},
  "POST /api/targets/check": { owned: "target", input: ({ target }) => ({ target_id: target }) },
  "GET /api/registries": {},
  "POST /api/registries": { input: ({ job }) => ({ name: `source-${job}`, url: "http://127.0.0.1:9" }) },
  "PUT /api/registries": { input: () => ({ id: 999, priority: 1 }) },
  "DELETE /api/registries/{id}": { path: () => [999] },
  "GET /api/whitelists": {},
  "POST /api/whitelists": { input: ({ job }) => ({ prefix: `anybody-${job}` }) },
  "DELETE /api/whitelists/{id}": { path: () => [999] },
  "GET /api/users": {},
  "POST /api/users": { input: ({ job }) => ({ username: `docker-${job}`, password: "a long enough password" }) },
  "DELETE /api/users/{id}": { path: () => [999] },
  "GET /api/logs": {},
  "GET /api/logs/export": {},
  "DELETE /api/logs": {},
  "GET /api/webhooks": {},
  "POST /api/webhooks": { input: ({ job }) => ({ ...webhook, name: `hook-${job}` }) },
  "PUT /api/webhooks/{id}": { path: () => [999], input: () => ({ enabled: false }) },
  "DELETE /api/webhooks/{id}": { path: () => [999] },
  "POST /api/webhooks/{id}/test": { path: () => [999] },
  "GET /api/webhook-deliveries": {},
  "GET /api/webhook-deliveries/{id}": { path: () => [999] },
  "POST /api/webhook-deliveries/{id}/redeliver": { path: () => [999] },
  "POST /api/v1/projects/{project_id}/images/import": {
    path: ({ project }) => [project],
    input: () => ({ source_url: "127.0.0.1:9/a:1" }),
  },
  "GET /api/v1/projects/{project_id}/images/imports": { path: ({ project }) => [project] },
  "GET /api/v1/projects/{project_id}/images/imports/{id}": { owned: "job", path: ({ project, job }) => [project, job] },
  "GET /api/v1/projects/{project_id}/images/imports/{id}/events": { owned: "job", path: ({ project, job }) => [project, job] },
} as const satisfies Record<RoutePath, RouteTrial>

/** A running job of a terminal, a target, a schedule and a key of this user, and the project `team` whose place the job goes to. */
export async function furnish({ database }: Runtime, ownerId: number): Promise<Belongings> {
  const at = Date.now()
  const request = { source: "docker://127.0.0.1:9/a:1", target: "docker://127.0.0.1:9/team/a:1", engine: "direct" } as const
  const { jobId } = await database.jobs.createRunning(
    {
      ownerId,
      source: "127.0.0.1:9/a:1",
      target: "127.0.0.1:9/team/a:1",
      sourceHost: "127.0.0.1:9",
      targetHost: "127.0.0.1:9",
      request,
      priority: 0,
    },
    "terminal-of-the-trials",
    at,
  )
  const target = await database.targets.create(
    {
      ownerId,
      shared: false,
      name: "mine",
      host: "127.0.0.1:9",
      project: "proxy",
      naming: "default",
      plainHttp: true,
      tlsVerify: true,
      ca: null,
      username: null,
      sealed: null,
    },
    at,
  )
  const made = await database.schedules.create(
    {
      ownerId,
      name: "mine",
      cron: "0 3 1 1 *",
      timeZone: "UTC",
      request: { image: "127.0.0.1:9/a:1", targetImage: "127.0.0.1:9/b:1" },
      targetId: null,
      enabled: false,
    },
    at,
  )
  const key = `k${jobId}x${ownerId}`
  await database.apiKeys.create({
    id: key,
    userId: ownerId,
    name: "mine",
    hash: "00".repeat(32),
    scopes: ["jobs:read"],
    expiresAt: null,
    lastUsedAt: null,
    createdAt: at,
  })
  return { job: jobId, target: target.id, schedule: made.id, key, project: "team" }
}
