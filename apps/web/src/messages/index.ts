import type { Locale } from "@entrepot/core/locale"
import accessLogEn from "./en/access-log.json"
import batchEn from "./en/batch.json"
import cacheEn from "./en/cache.json"
import commonEn from "./en/common.json"
import jobEn from "./en/job.json"
import jobsEn from "./en/jobs.json"
import mirrorEn from "./en/mirror.json"
import projectsEn from "./en/projects.json"
import pullUsersEn from "./en/pull-users.json"
import schedulesEn from "./en/schedules.json"
import sessionEn from "./en/session.json"
import settingsEn from "./en/settings.json"
import setupEn from "./en/setup.json"
import shellEn from "./en/shell.json"
import statisticsEn from "./en/statistics.json"
import targetsEn from "./en/targets.json"
import upstreamsEn from "./en/upstreams.json"
import webhooksEn from "./en/webhooks.json"
import whitelistEn from "./en/whitelist.json"
import accessLogZh from "./zh/access-log.json"
import batchZh from "./zh/batch.json"
import cacheZh from "./zh/cache.json"
import commonZh from "./zh/common.json"
import jobZh from "./zh/job.json"
import jobsZh from "./zh/jobs.json"
import mirrorZh from "./zh/mirror.json"
import projectsZh from "./zh/projects.json"
import pullUsersZh from "./zh/pull-users.json"
import schedulesZh from "./zh/schedules.json"
import sessionZh from "./zh/session.json"
import settingsZh from "./zh/settings.json"
import setupZh from "./zh/setup.json"
import shellZh from "./zh/shell.json"
import statisticsZh from "./zh/statistics.json"
import targetsZh from "./zh/targets.json"
import upstreamsZh from "./zh/upstreams.json"
import webhooksZh from "./zh/webhooks.json"
import whitelistZh from "./zh/whitelist.json"

const en = {
  accessLog: accessLogEn,
  batch: batchEn,
  cache: cacheEn,
  common: commonEn,
  job: jobEn,
  jobs: jobsEn,
  mirror: mirrorEn,
  projects: projectsEn,
  pullUsers: pullUsersEn,
  schedules: schedulesEn,
  session: sessionEn,
  settings: settingsEn,
  setup: setupEn,
  shell: shellEn,
  statistics: statisticsEn,
  targets: targetsEn,
  upstreams: upstreamsEn,
  webhooks: webhooksEn,
  whitelist: whitelistEn,
}

/** Every word of the pages in one language, by feature. */
export type Messages = typeof en

const zh: Messages = {
  accessLog: accessLogZh,
  batch: batchZh,
  cache: cacheZh,
  common: commonZh,
  job: jobZh,
  jobs: jobsZh,
  mirror: mirrorZh,
  projects: projectsZh,
  pullUsers: pullUsersZh,
  schedules: schedulesZh,
  session: sessionZh,
  settings: settingsZh,
  setup: setupZh,
  shell: shellZh,
  statistics: statisticsZh,
  targets: targetsZh,
  upstreams: upstreamsZh,
  webhooks: webhooksZh,
  whitelist: whitelistZh,
}

/** Loaded by the server alone, which sends a page the words of its language. */
export const messages: Readonly<Record<Locale, Messages>> = { en, zh }

declare module "next-intl" {
  interface AppConfig {
    Locale: Locale
    Messages: Messages
  }
}
