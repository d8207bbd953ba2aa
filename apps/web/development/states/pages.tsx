import type { ReactNode } from "react"
import { BatchPage } from "../../src/features/batch/batch-page.tsx"
import { JobPage } from "../../src/features/job/job-page.tsx"
import { JobsPage } from "../../src/features/jobs/jobs-page.tsx"
import { MirrorPage } from "../../src/features/mirror/mirror-page.tsx"
import { SchedulesPage } from "../../src/features/schedules/schedules-page.tsx"
import { LoginPage } from "../../src/features/session/login-page.tsx"
import { SettingsPage } from "../../src/features/settings/settings-page.tsx"
import { StatisticsPage } from "../../src/features/statistics/statistics-page.tsx"
import { TargetsPage } from "../../src/features/targets/targets-page.tsx"
import { audit, keys, people, settings, users } from "./accounts.ts"
import { digestOf, jobsOfEveryKind, sampleJob, streams, watchedJob } from "./jobs.ts"
import { checks, schedules, targets } from "./places.ts"
import { Refusal, type SampleAnswers, unanswered } from "./sample-answers.ts"
import { emptyOverview, overview } from "./statistics.ts"

interface SamplePage {
  readonly page: ReactNode
  /** Without the shell around it. */
  readonly alone?: boolean
  readonly states: Readonly<Record<string, SampleAnswers>>
}

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

/** As it is pasted; two of its names are worth a second look. */
const compose = `services:
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
const filled: SampleAnswers = {
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
  "jobs.summary": { queued: 4, waiting: 1, running: 2, succeeded: 11, failed: 2, cancelled: 0 },
  "jobs.get": watchedJob,
  "jobs.follow": streams.running,
  "jobs.followQueue": [],
  "schedules.list": schedules,
  "settings.get": settings,
  "statistics.overview": overview,
  "targets.list": { targets, keepsPasswords: true, defaultTarget: null },
  "targets.check": checks.refused,
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

const noJobs: SampleAnswers = { "jobs.list": { jobs: [], next: null }, "jobs.hosts": { hosts: [] } }

/** Every page in every state that it can be in. */
export const samplePages: Readonly<Record<string, SamplePage>> = {
  login: {
    page: <LoginPage />,
    alone: true,
    states: {
      empty: { "accounts.me": loggedOut, "accounts.login": wrongToken },
      change: { "accounts.me": people.first },
      loading: { "accounts.me": unanswered },
      error: { "accounts.me": unavailable },
    },
  },
  mirror: {
    page: <MirrorPage />,
    states: usual(["jobs.list", "targets.list"], {
      ...noJobs,
      "targets.list": { targets: [], keepsPasswords: false, defaultTarget: "harbor.example.com/proxy" },
    }),
  },
  job: {
    page: <JobPage id={29} />,
    states: {
      running: filled,
      succeeded: { ...filled, "jobs.get": sampleJob(29), "jobs.follow": streams.succeeded },
      failed: { ...filled, "jobs.get": { ...watchedJob, state: "failed" }, "jobs.follow": streams.failed },
      waiting: {
        ...filled,
        "jobs.get": { ...watchedJob, state: "waiting", waitReason: "rate_limit" },
        "jobs.follow": streams.waiting,
      },
      queued: { ...filled, "jobs.get": { ...watchedJob, state: "queued" }, "jobs.follow": streams.queued },
      batch: { ...filled, "jobs.get": { ...watchedJob, kind: "batch", source: "compose.yml" }, "jobs.follow": streams.queued },
      loading: { ...filled, "jobs.get": unanswered, "jobs.follow": unanswered },
      error: { ...filled, "jobs.get": unavailable, "jobs.follow": unavailable },
      "not-found": {
        ...filled,
        "jobs.get": new Refusal("not_found", 404, { zh: "没有这个任务", en: "There is no such job" }),
        "jobs.follow": new Refusal("not_found", 404, { zh: "没有这个任务", en: "There is no such job" }),
      },
    },
  },
  jobs: { page: <JobsPage />, states: usual(["jobs.list", "jobs.hosts"], noJobs) },
  batch: {
    page: <BatchPage text={compose} />,
    states: usual(["targets.list"], {
      "targets.list": { targets: [], keepsPasswords: false, defaultTarget: "harbor.example.com/proxy" },
    }),
  },
  statistics: { page: <StatisticsPage />, states: usual(["statistics.overview"], { "statistics.overview": emptyOverview }) },
  targets: {
    page: <TargetsPage />,
    states: usual(["targets.list"], {
      "targets.list": { targets: [], keepsPasswords: false, defaultTarget: "harbor.example.com/proxy" },
    }),
  },
  schedules: { page: <SchedulesPage />, states: usual(["schedules.list"], { "schedules.list": [] }) },
  settings: {
    page: <SettingsPage />,
    states: usual(["settings.get", "accounts.keys.list", "accounts.users.list", "accounts.audit"], {
      "accounts.keys.list": [],
      "accounts.audit": [],
    }),
  },
}
