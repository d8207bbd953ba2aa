import { accessLog, accessNews, droppedLog, emptyLog } from "./access-log.ts"
import { audit, keys, people, settings, settingsAsConfigured, users } from "./accounts.ts"
import { careRuns, emptyUsage, servedNothing, usage } from "./cache.ts"
import { digestOf, jobsOfEveryKind, noon, refusedPush, sampleJob, streams, watchedJob } from "./jobs.ts"
import { checks, schedules, targets } from "./places.ts"
import { accessRules, explained, modes, pullUsers } from "./pull-access.ts"
import { manifests, members, place, projects, repositories, storedArtifact, storedImage, tags } from "./registry.ts"
import { Refusal, type SampleAnswers, unanswered } from "./sample-answers.ts"
import { emptyServed, served } from "./served.ts"
import { emptyOverview, overview } from "./statistics.ts"
import { upstreams } from "./upstreams.ts"
import { deliveries, delivery, noWebhooks, webhooks } from "./webhooks.ts"

const unavailable = new Refusal("unavailable", 503, { zh: "服务暂时不可用", en: "The service is not available for now" })
const loggedOut = new Refusal("unauthenticated", 401, { zh: "请先登录", en: "Log in first" })
const wrongToken = new Refusal("login_refused", 401, { zh: "Token错误", en: "That is not the token" })

const inspected = {
  image: "nginx:1.27",
  canonical: "docker.io/library/nginx:1.27",
  digest: digestOf("a"),
  mediaType: "application/vnd.oci.image.index.v1+json",
  sizeBytes: null,
  platforms: ["linux/amd64", "linux/arm64", "linux/arm/v7", "linux/386", "linux/ppc64le", "linux/s390x"],
}

const plan = {
  source: "nginx:1.27",
  target: "harbor.example.com/proxy/nginx:1.27",
  digest: digestOf("a"),
  unchanged: false,
  digestChanges: false,
  platforms: ["linux/amd64", "linux/arm64"],
  manifests: [],
  blobs: [],
  totalBytes: 71_303_168,
}

/** As it is pasted; two of its names are worth a second look. */
export const compose = `services:
  web:
    image: nginx:1.27
  api:
    image: registry.example.com/acme/api:2.4.1
  cache:
    image: Redis:7
  metrics:
    image: quay.io/prometheus/prometheus:\${VERSION:-v2.40.0}
  store:
    image: \${STORE_IMAGE}
`

/** What every page asks for, filled. */
export const filled: SampleAnswers = {
  "accessLog.clear": { removed: 60 },
  "accessLog.follow": accessNews,
  "accessLog.list": accessLog,
  "accounts.me": people.admin,
  "accounts.keys.list": keys,
  "accounts.users.list": users,
  "accounts.audit": audit,
  "image.inspect": inspected,
  "jobs.list": { jobs: [...jobsOfEveryKind], next: null },
  "jobs.counts": { queued: 1, waiting: 2, running: 1, succeeded: 3, failed: 2, cancelled: 1 },
  "jobs.hosts": {
    hosts: [
      { host: "docker.io", side: "source", jobs: 510 },
      { host: "harbor.example.com", side: "target", jobs: 671 },
    ],
  },
  "image.plan": plan,
  "jobs.summary": { queued: 4, waiting: 1, running: 2, succeeded: 11, failed: 2, cancelled: 0 },
  "jobs.get": watchedJob,
  "jobs.follow": streams.running,
  "jobs.followQueue": [],
  "projects.list": projects,
  "projects.members.list": members,
  "accessRules.explain": explained,
  "accessRules.list": accessRules,
  "accessRules.mode": modes.login,
  "pullUsers.list": pullUsers,
  "registry.care": careRuns,
  "registry.image": storedImage,
  "registry.manifests": manifests,
  "registry.place": place,
  "registry.repositories": repositories,
  "registry.tags": tags,
  "registry.usage": usage,
  "schedules.list": schedules,
  "settings.get": settings,
  "statistics.overview": overview,
  "statistics.served": served,
  "targets.list": { targets, keepsPasswords: true, defaultTarget: null },
  "targets.check": checks.refused,
  "upstreams.check": { reachable: { answer: "yes" }, tls: { answer: "yes" }, credentials: checks.refused.credentials },
  "upstreams.list": upstreams,
  "webhooks.deliveries": deliveries,
  "webhooks.delivery": delivery,
  "webhooks.list": webhooks,
}

/** The usual four of a page whose words come from this procedure. */
function usual(asked: readonly (keyof SampleAnswers)[], empty: SampleAnswers): Record<string, SampleAnswers> {
  const all = (answer: unknown) => Object.fromEntries(asked.map((path) => [path, answer]))
  return {
    filled,
    loading: { ...filled, ...all(unanswered) },
    empty: { ...filled, ...empty },
    error: { ...filled, ...all(unavailable) },
    viewer: { ...filled, "accounts.me": people.viewer },
  }
}

const noTargets: SampleAnswers = {
  "targets.list": { targets: [], keepsPasswords: false, defaultTarget: "harbor.example.com/proxy" },
}
const noSuchJob = new Refusal("not_found", 404, { zh: "没有这个任务", en: "There is no such job" })
const noJobs: SampleAnswers = { "jobs.list": { jobs: [], next: null }, "jobs.hosts": { hosts: [] } }

const nothingStored: SampleAnswers = {
  "registry.repositories": { repositories: [], next: null },
  "registry.tags": { tags: [], next: null },
  "registry.manifests": { manifests: [], next: null },
}
const noSuchRepository = new Refusal("not_found", 404, { zh: "没有这个仓库", en: "There is no such repository" })

/** By page, what is answered in every state that it can be in. */
export const sampleStates = {
  login: {
    filled: { "accounts.me": loggedOut, "accounts.login": wrongToken },
    empty: { "accounts.me": loggedOut },
    change: { "accounts.me": people.first, "accounts.changeToken": wrongToken },
    loading: { "accounts.me": unanswered },
    error: { "accounts.me": unavailable },
  },
  mirror: usual(["jobs.list", "targets.list"], { ...noJobs, ...noTargets }),
  job: {
    ...usual(["jobs.get", "jobs.follow"], {
      "jobs.get": { ...watchedJob, state: "queued", lastSequence: 1 },
      "jobs.follow": streams.queued,
    }),
    succeeded: { ...filled, "jobs.get": sampleJob(29), "jobs.follow": streams.succeeded },
    failed: {
      ...filled,
      "jobs.get": { ...watchedJob, state: "failed", failure: refusedPush, endedAt: noon },
      "jobs.follow": streams.failed,
    },
    waiting: {
      ...filled,
      "jobs.get": { ...watchedJob, state: "waiting", waitReason: "rate_limit" },
      "jobs.follow": streams.waiting,
    },
    batch: {
      ...filled,
      "jobs.get": { ...watchedJob, kind: "batch", source: "compose.yml", state: "running" },
      "jobs.follow": streams.batch,
      "jobs.list": {
        jobs: jobsOfEveryKind.flatMap((job) => (job.kind === "batch" ? [] : [{ ...job, parentId: 29 }])),
        next: null,
      },
    },
    "not-found": { ...filled, "jobs.get": noSuchJob, "jobs.follow": noSuchJob },
  },
  jobs: usual(["jobs.list", "jobs.hosts"], noJobs),
  batch: {
    ...usual(["targets.list"], noTargets),
    refused: { ...filled, "image.plan": new Refusal("not_found", 404, { zh: "没有这个镜像", en: "There is no such image" }) },
  },
  statistics: usual(["statistics.overview", "statistics.served"], {
    "statistics.overview": emptyOverview,
    "statistics.served": emptyServed,
  }),
  "access-log": {
    ...usual(["accessLog.list"], { "accessLog.list": emptyLog, "accessLog.follow": [] }),
    dropped: { ...filled, "accessLog.list": droppedLog },
  },
  upstreams: usual(["upstreams.list"], { "upstreams.list": { upstreams: [], keepsPasswords: false } }),
  whitelist: {
    ...usual(["accessRules.list", "accessRules.mode"], { "accessRules.list": [], "accessRules.mode": modes.fresh }),
    configured: { ...filled, "accessRules.mode": modes.configured },
  },
  "pull-users": usual(["pullUsers.list", "projects.members.list", "projects.list"], {
    "pullUsers.list": [],
    "accessRules.mode": modes.fresh,
  }),
  targets: usual(["targets.list"], noTargets),
  schedules: usual(["schedules.list"], { "schedules.list": [] }),
  projects: {
    ...usual(["projects.list", "registry.place", "registry.repositories"], {
      "projects.list": [],
      "registry.place": { ...place, registries: [] },
    }),
    "empty-viewer": { ...filled, "accounts.me": people.viewer, "projects.list": [] },
  },
  project: usual(["registry.repositories"], nothingStored),
  registry: usual(["registry.repositories"], nothingStored),
  repository: {
    ...usual(["registry.tags", "registry.image", "registry.manifests"], nothingStored),
    "not-found": { ...filled, "registry.tags": noSuchRepository },
  },
  image: {
    ...usual(["registry.image"], { "registry.image": { ...storedArtifact, layers: [] } }),
    artifact: { ...filled, "registry.image": storedArtifact },
    "not-found": { ...filled, "registry.image": noSuchRepository },
  },
  cache: usual(["registry.usage", "registry.care", "statistics.served"], {
    "registry.usage": emptyUsage,
    "registry.care": [],
    "statistics.served": servedNothing,
  }),
  setup: {
    ...usual(["registry.place"], { "registry.place": { ...place, registries: [] } }),
    closed: { ...filled, "registry.place": { ...place, open: false } },
  },
  settings: usual(["accounts.me"], { "accounts.me": people.viewer }),
  "settings-keys": usual(["accounts.keys.list"], { "accounts.keys.list": [] }),
  "settings-transfers": usual(["settings.get"], { "settings.get": settingsAsConfigured }),
  "settings-users": usual(["accounts.users.list"], { "accounts.users.list": users.slice(0, 1) }),
  "settings-webhooks": {
    ...usual(["webhooks.list", "webhooks.deliveries"], { "webhooks.list": noWebhooks }),
    "nothing-sent": { ...filled, "webhooks.deliveries": { deliveries: [], next: null } },
  },
  "settings-audit": usual(["accounts.audit"], { "accounts.audit": [] }),
} satisfies Record<string, Readonly<Record<string, SampleAnswers>>>

export type SamplePageName = keyof typeof sampleStates
