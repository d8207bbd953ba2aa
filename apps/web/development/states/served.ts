import type { Answers } from "@entrepot/client"
import { noon } from "./jobs.ts"

type Served = Answers["statistics"]["served"]
type Tally = Served["totals"]

const day = 86_400_000
const days = 30
const since = noon - days * day
const gib = 1_073_741_824

/** Goes up and down as a working week does, the same each time. */
const wave = (index: number, height: number) =>
  Math.round(height * (0.6 + 0.4 * Math.sin(index * 0.8)) * (index % 7 > 4 ? 0.25 : 1))

const none: Tally = {
  ...{
    requests: 0,
    pulls: 0,
    refused: 0,
    failures: 0,
    hits: 0,
    stale: 0,
    misses: 0,
    bytesSent: 0,
    bytesPushed: 0,
    bytesFetched: 0,
  },
}

const steps = Array.from({ length: days }, (_, index) => ({
  at: since + index * day,
  requests: wave(index, 41_000),
  pulls: wave(index, 5_200),
  refused: wave(index, 60),
  failures: index === 17 ? 2_310 : index % 6,
  hits: wave(index, 30_000),
  stale: index === 17 ? 1_900 : 0,
  misses: wave(index + 2, 2_400),
  bytesSent: wave(index, 840) * gib,
  bytesPushed: wave(index + 4, 12) * gib,
  bytesFetched: wave(index + 2, 70) * gib,
}))

const sum = (name: keyof Tally) => steps.reduce((total, step) => total + step[name], 0)

/** Thirty days, of which one was bad. */
export const served: Served = {
  since,
  until: noon,
  step: "day",
  totals: {
    requests: sum("requests"),
    pulls: sum("pulls"),
    refused: sum("refused"),
    failures: sum("failures"),
    hits: sum("hits"),
    stale: sum("stale"),
    misses: sum("misses"),
    bytesSent: sum("bytesSent"),
    bytesPushed: sum("bytesPushed"),
    bytesFetched: sum("bytesFetched"),
  },
  steps,
  upstreams: [
    { host: "registry.internal.example.com:5000", requests: 212, failures: 212, waitMs: null, bytesFetched: 0 },
    { host: "gcr.io", requests: 3_120, failures: 41, waitMs: 1_840, bytesFetched: 88 * gib },
    { host: "registry-1.docker.io", requests: 48_200, failures: 2_204, waitMs: 412, bytesFetched: 1_204 * gib },
    { host: "quay.io", requests: 9_020, failures: 0, waitMs: 266, bytesFetched: 310 * gib },
  ],
  repositories: [
    { repository: "docker.io/library/nginx", pulls: 48_210, bytesSent: 4_100 * gib },
    { repository: "team/shop", pulls: 20_002, bytesSent: 3_011 * gib },
    { repository: "docker.io/library/redis", pulls: 18_944, bytesSent: 902 * gib },
    { repository: "quay.io/prometheus/prometheus", pulls: 4_021, bytesSent: 410 * gib },
    {
      repository: "registry.internal.example.com:5000/department-of-long-names/platform/base-images/distroless-java-runtime",
      pulls: 2_044,
      bytesSent: 260 * gib,
    },
    { repository: "", pulls: 310, bytesSent: 12 * gib },
  ],
}

/** A server that nobody has pulled from. */
export const emptyServed: Served = {
  ...{ ...served, totals: none, upstreams: [], repositories: [] },
  steps: steps.map(({ at }) => ({ at, ...none })),
}
