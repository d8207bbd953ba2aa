import type { Answers, CareRun } from "@entrepot/client"
import { digestOf, noon } from "./jobs.ts"

const mib = 1024 * 1024
const day = 86_400_000

/** What is kept, within a quota. */
export const usage: Answers["registry"]["usage"] = {
  blobs: 4_812,
  bytes: 412_000 * mib,
  hostedBytes: 96_000 * mib,
  repositories: 311,
  manifests: 1_904,
  quotaBytes: 512_000 * mib,
  freeBytes: 700_000 * mib,
}

/** Of a server that has read and been pushed nothing yet. */
export const emptyUsage: Answers["registry"]["usage"] = {
  blobs: 0,
  bytes: 0,
  hostedBytes: 0,
  repositories: 0,
  manifests: 0,
  quotaBytes: null,
  freeBytes: null,
}

const usualRun: CareRun = {
  id: 9,
  kind: "scrub",
  by: "admin",
  startedAt: noon - 90_000,
  endedAt: null,
  isRunning: true,
  findings: { checked: 1_204, blobs: 4_812, bytes: 96_000 * mib, wrong: 0, missing: 0 },
  wrong: [],
  error: null,
}

/** A scrub that goes on, and runs that ended in every way. */
export const careRuns: readonly CareRun[] = [
  usualRun,
  {
    ...usualRun,
    id: 8,
    kind: "garbage",
    by: "",
    startedAt: noon - 3_600_000,
    endedAt: noon - 3_597_000,
    isRunning: false,
    findings: { blobs: 41, bytes: 1_900 * mib, uploads: 2, strays: 0 },
  },
  {
    ...usualRun,
    id: 7,
    startedAt: noon - 2 * day,
    endedAt: noon - 2 * day + 5_400_000,
    isRunning: false,
    findings: { checked: 4_790, blobs: 4_793, bytes: 400_000 * mib, wrong: 2, missing: 1 },
    wrong: [
      { digest: digestOf("m"), repositories: ["docker.io/library/nginx", "team/shop/api"] },
      { digest: digestOf("n"), repositories: [] },
    ],
  },
  {
    ...usualRun,
    id: 6,
    kind: "evict",
    startedAt: noon - 3 * day,
    endedAt: noon - 3 * day + 900,
    isRunning: false,
    findings: { images: 12, blobs: 80, bytes: 9_200 * mib },
    error: "the disk does not answer",
  },
  { ...usualRun, id: 5, startedAt: noon - 4 * day, isRunning: false, findings: { checked: 12, blobs: 4_000 } },
]

const servedTotals = {
  requests: 18_204,
  pulls: 2_310,
  refused: 12,
  failures: 0,
  hits: 15_220,
  stale: 4,
  misses: 1_730,
  bytesSent: 310_000 * mib,
  bytesPushed: 4_100 * mib,
  bytesFetched: 28_000 * mib,
}

/** What was served, in one sum: the steps are on another page. */
const servedSum: Answers["statistics"]["served"] = {
  since: noon - day,
  until: noon,
  step: "hour",
  totals: servedTotals,
  steps: [],
  upstreams: [],
  repositories: [],
}

/** Pulled from by nobody. */
export const servedNothing: Answers["statistics"]["served"] = {
  ...servedSum,
  totals: { ...servedTotals, hits: 0, misses: 0, bytesSent: 0, bytesFetched: 0 },
}
