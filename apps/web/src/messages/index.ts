import type { Locale } from "@entrepot/core/locale"
import batchEn from "./en/batch.json"
import commonEn from "./en/common.json"
import jobEn from "./en/job.json"
import jobsEn from "./en/jobs.json"
import mirrorEn from "./en/mirror.json"
import schedulesEn from "./en/schedules.json"
import sessionEn from "./en/session.json"
import settingsEn from "./en/settings.json"
import shellEn from "./en/shell.json"
import statisticsEn from "./en/statistics.json"
import targetsEn from "./en/targets.json"
import batchZh from "./zh/batch.json"
import commonZh from "./zh/common.json"
import jobZh from "./zh/job.json"
import jobsZh from "./zh/jobs.json"
import mirrorZh from "./zh/mirror.json"
import schedulesZh from "./zh/schedules.json"
import sessionZh from "./zh/session.json"
import settingsZh from "./zh/settings.json"
import shellZh from "./zh/shell.json"
import statisticsZh from "./zh/statistics.json"
import targetsZh from "./zh/targets.json"

const en = {
  batch: batchEn,
  common: commonEn,
  job: jobEn,
  jobs: jobsEn,
  mirror: mirrorEn,
  schedules: schedulesEn,
  session: sessionEn,
  settings: settingsEn,
  shell: shellEn,
  statistics: statisticsEn,
  targets: targetsEn,
}

/** Every word of the pages in one language, by feature. */
export type Messages = typeof en

const zh: Messages = {
  batch: batchZh,
  common: commonZh,
  job: jobZh,
  jobs: jobsZh,
  mirror: mirrorZh,
  schedules: schedulesZh,
  session: sessionZh,
  settings: settingsZh,
  shell: shellZh,
  statistics: statisticsZh,
  targets: targetsZh,
}

/** Loaded by the server alone, which sends a page the words of its language. */
export const messages: Readonly<Record<Locale, Messages>> = { en, zh }

declare module "next-intl" {
  interface AppConfig {
    Locale: Locale
    Messages: Messages
  }
}
