"use client"

import dynamic from "next/dynamic"
import type { ReactNode } from "react"
import { digestOf } from "./jobs.ts"
import { compose, type SamplePageName } from "./sample-states.ts"

// Loaded one by one: where one of them is broken, the others are shown all the same.
const AccessLogPage = dynamic(async () => (await import("../../src/features/access-log/access-log-page.tsx")).AccessLogPage)
const BatchPage = dynamic(async () => (await import("../../src/features/batch/batch-page.tsx")).BatchPage)
const JobPage = dynamic(async () => (await import("../../src/features/job/job-page.tsx")).JobPage)
const JobsPage = dynamic(async () => (await import("../../src/features/jobs/jobs-page.tsx")).JobsPage)
const LoginPage = dynamic(async () => (await import("../../src/features/session/login-page.tsx")).LoginPage)
const MirrorPage = dynamic(async () => (await import("../../src/features/mirror/mirror-page.tsx")).MirrorPage)
const CachePage = dynamic(async () => (await import("../../src/features/cache/cache-page.tsx")).CachePage)
const ImagePage = dynamic(async () => (await import("../../src/features/projects/image-page.tsx")).ImagePage)
const ProjectsPage = dynamic(async () => (await import("../../src/features/projects/projects-page.tsx")).ProjectsPage)
const PullUsersPage = dynamic(async () => (await import("../../src/features/pull-users/pull-users-page.tsx")).PullUsersPage)
const RepositoriesPage = dynamic(async () => (await import("../../src/features/projects/repositories-page.tsx")).RepositoriesPage)
const RepositoryPage = dynamic(async () => (await import("../../src/features/projects/repository-page.tsx")).RepositoryPage)
const SchedulesPage = dynamic(async () => (await import("../../src/features/schedules/schedules-page.tsx")).SchedulesPage)
const SettingsPage = dynamic(async () => (await import("../../src/features/settings/settings-page.tsx")).SettingsPage)
const SetupPage = dynamic(async () => (await import("../../src/features/setup/setup-page.tsx")).SetupPage)
const StatisticsPage = dynamic(async () => (await import("../../src/features/statistics/statistics-page.tsx")).StatisticsPage)
const TargetsPage = dynamic(async () => (await import("../../src/features/targets/targets-page.tsx")).TargetsPage)
const UpstreamsPage = dynamic(async () => (await import("../../src/features/upstreams/upstreams-page.tsx")).UpstreamsPage)
const WhitelistPage = dynamic(async () => (await import("../../src/features/whitelist/whitelist-page.tsx")).WhitelistPage)

/** Every page, in the order of the menu. */
export const samplePages: Readonly<Record<SamplePageName, ReactNode>> = {
  login: <LoginPage />,
  mirror: <MirrorPage />,
  job: <JobPage id={29} />,
  jobs: <JobsPage />,
  batch: <BatchPage text={compose} />,
  statistics: <StatisticsPage />,
  "access-log": <AccessLogPage />,
  targets: <TargetsPage />,
  schedules: <SchedulesPage />,
  projects: <ProjectsPage />,
  project: <RepositoriesPage kind="project" name="team" />,
  registry: <RepositoriesPage kind="registry" name="docker.io" />,
  repository: <RepositoryPage repository="team/shop/api" />,
  image: <ImagePage repository="team/shop/api" reference={digestOf("a")} />,
  upstreams: <UpstreamsPage />,
  whitelist: <WhitelistPage />,
  "pull-users": <PullUsersPage />,
  cache: <CachePage />,
  setup: <SetupPage />,
  settings: <SettingsPage />,
  "settings-keys": <SettingsPage section="keys" />,
  "settings-transfers": <SettingsPage section="transfers" />,
  "settings-users": <SettingsPage section="users" />,
  "settings-webhooks": <SettingsPage section="webhooks" />,
  "settings-audit": <SettingsPage section="audit" />,
}
