import type { ProcedurePath } from "./procedure-path.ts"
import type { RoutePath } from "./rest/routes.ts"
import type { Right } from "./right.ts"

const open = { who: "anyone", keys: "any" } as const
const own = { who: "viewer", keys: "any", beforeChange: true } as const
const leave = { who: "viewer", keys: "none", beforeChange: true } as const
const claim = { who: "admin", keys: "none", beforeChange: true } as const
const person = { who: "viewer", keys: "none" } as const
const look = { who: "viewer", keys: "jobs:read" } as const
const follow = { who: "viewer", keys: "jobs:read", ticket: true } as const
const act = { who: "operator", keys: "jobs:write" } as const
const rule = { who: "admin", keys: "admin" } as const

/** Who may do what: the one table. A procedure or route without its row does not compile, and would be refused to everybody. */
const rights = {
  "image.parse": look,
  "image.inspect": act,
  "image.plan": act,

  "jobs.start": act,
  "jobs.startBatch": act,
  "jobs.cancel": act,
  "jobs.retry": act,
  "jobs.remove": act,
  "jobs.get": look,
  "jobs.list": look,
  "jobs.summary": look,
  "jobs.counts": look,
  "jobs.hosts": look,
  "jobs.events": look,
  "jobs.ticket": look,
  "jobs.follow": follow,
  "jobs.followQueue": look,

  "statistics.overview": look,
  "statistics.served": look,

  "targets.list": look,
  "targets.get": look,
  "targets.create": act,
  "targets.update": act,
  "targets.remove": act,
  "targets.check": act,

  "projects.list": look,
  "projects.get": look,
  "projects.create": rule,
  "projects.update": rule,
  "projects.remove": rule,
  "projects.members.list": rule,
  "projects.members.put": rule,
  "projects.members.remove": rule,
  "projects.importImage": act,
  "projects.imports": look,
  "projects.getImport": look,

  "schedules.list": look,
  "schedules.get": look,
  "schedules.create": act,
  "schedules.update": act,
  "schedules.remove": act,
  "schedules.runNow": act,

  "accounts.me": own,
  "accounts.login": open,
  "accounts.logout": leave,
  "accounts.changeToken": claim,
  "accounts.changePassword": person,
  "accounts.keys.list": person,
  "accounts.keys.create": person,
  "accounts.keys.remove": person,
  "accounts.users.list": rule,
  "accounts.users.create": rule,
  "accounts.users.update": rule,
  "accounts.users.remove": rule,
  "accounts.audit": rule,

  "settings.get": rule,
  "settings.update": rule,

  "registry.place": look,
  "registry.repositories": look,
  "registry.tags": look,
  "registry.manifests": look,
  "registry.removeManifest": act,
  "registry.removeRepository": act,
  "registry.usage": look,
  "registry.image": look,
  "registry.care": rule,
  "registry.startCare": rule,
  "registry.stopCare": rule,

  "upstreams.list": look,
  "upstreams.get": look,
  "upstreams.create": rule,
  "upstreams.update": rule,
  "upstreams.remove": rule,
  "upstreams.order": rule,
  "upstreams.check": rule,

  "pullUsers.list": rule,
  "pullUsers.create": rule,
  "pullUsers.update": rule,
  "pullUsers.remove": rule,

  "accessRules.list": rule,
  "accessRules.create": rule,
  "accessRules.remove": rule,
  "accessRules.explain": rule,
  "accessRules.mode": rule,
  "accessRules.setMode": rule,

  "accessLog.list": rule,
  "accessLog.follow": rule,
  "accessLog.clear": rule,

  "webhooks.list": rule,
  "webhooks.create": rule,
  "webhooks.update": rule,
  "webhooks.remove": rule,
  "webhooks.test": rule,
  "webhooks.deliveries": rule,
  "webhooks.delivery": rule,
  "webhooks.redeliver": rule,

  "GET /healthz": open,
  "GET /readyz": open,
  "GET /metrics": look,
  "GET /api/openapi.json": open,
  "GET /api/docs": open,

  "POST /api/auth/login": open,
  "POST /api/auth/logout": leave,
  "POST /api/auth/token": claim,
  "GET /api/auth/me": own,

  "POST /api/image/parse": look,
  "POST /api/proxy/start": act,
  "GET /api/history": look,

  "GET /api/jobs": look,
  "POST /api/jobs": act,
  "GET /api/jobs/export": look,
  "GET /api/jobs/{id}": look,
  "DELETE /api/jobs/{id}": act,
  "POST /api/jobs/{id}/cancel": act,
  "POST /api/jobs/{id}/retry": act,
  "GET /api/jobs/{id}/events": follow,
  "POST /api/targets/check": act,
  "GET /api/statistics": look,
  "GET /api/statistics/served": look,

  "GET /api/registries": rule,
  "POST /api/registries": rule,
  "PUT /api/registries": rule,
  "DELETE /api/registries/{id}": rule,
  "GET /api/whitelists": rule,
  "POST /api/whitelists": rule,
  "DELETE /api/whitelists/{id}": rule,
  "GET /api/users": rule,
  "POST /api/users": rule,
  "DELETE /api/users/{id}": rule,
  "GET /api/logs": rule,
  "GET /api/logs/export": rule,
  "DELETE /api/logs": rule,

  "GET /api/webhooks": rule,
  "POST /api/webhooks": rule,
  "PUT /api/webhooks/{id}": rule,
  "DELETE /api/webhooks/{id}": rule,
  "POST /api/webhooks/{id}/test": rule,
  "GET /api/webhook-deliveries": rule,
  "GET /api/webhook-deliveries/{id}": rule,
  "POST /api/webhook-deliveries/{id}/redeliver": rule,

  "POST /api/v1/projects/{project_id}/images/import": act,
  "GET /api/v1/projects/{project_id}/images/imports": look,
  "GET /api/v1/projects/{project_id}/images/imports/{id}": look,
  "GET /api/v1/projects/{project_id}/images/imports/{id}/events": look,
} as const satisfies Record<ProcedurePath | RoutePath, Right>

/** The row of a procedure's path or of a route (`GET /api/jobs/{id}`). */
export function rightOf(path: string): Right | undefined {
  return Object.hasOwn(rights, path) ? rights[path as keyof typeof rights] : undefined
}

/** All rows, for the tests that go through them. */
export const rightsTable: Readonly<Record<string, Right>> = rights
