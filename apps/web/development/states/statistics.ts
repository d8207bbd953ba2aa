import type { Answers } from "@entrepot/client"
import { noon } from "./jobs.ts"

type Overview = Answers["statistics"]["overview"]

const day = 86_400_000
const days = 30
const since = noon - days * day

/** Goes up and down as a working week does, the same each time. */
const wave = (index: number, height: number) =>
  Math.round(height * (0.55 + 0.45 * Math.sin(index * 0.9)) * (index % 7 > 4 ? 0.3 : 1))

const steps = Array.from({ length: days }, (_, index) => ({
  at: since + index * day,
  succeeded: wave(index, 40),
  unchanged: wave(index + 2, 22),
  failed: index % 9 === 4 ? 6 : index % 5 === 0 ? 1 : 0,
  cancelled: index % 11 === 7 ? 2 : 0,
  bytesSent: wave(index, 34) * 1_073_741_824,
  bytesSkipped: wave(index + 3, 20) * 1_073_741_824,
}))

const sum = (name: "succeeded" | "unchanged" | "failed" | "cancelled" | "bytesSent" | "bytesSkipped") =>
  steps.reduce((total, step) => total + step[name], 0)

const host = (name: string, side: "source" | "target", mibPerSecond: number, jobs: number, failed: number) => ({
  host: name,
  side,
  jobs,
  failed,
  bytesSent: jobs * 50_000_000,
  bytesPerSecond: mibPerSecond * 1_048_576,
  speeds: steps.map((_, index) => (index % 6 === 5 ? null : mibPerSecond * 1_048_576 * (0.7 + 0.3 * Math.sin(index)))),
})

/** Thirty days. */
export const overview: Overview = {
  since,
  until: noon,
  step: "day",
  totals: {
    succeeded: sum("succeeded"),
    unchanged: sum("unchanged"),
    failed: sum("failed"),
    cancelled: sum("cancelled"),
    bytesSent: sum("bytesSent"),
    bytesSkipped: sum("bytesSkipped"),
    copyMs: 8_000_000,
    copyBytes: sum("bytesSent"),
  },
  steps,
  hosts: [
    host("gcr.io", "source", 0.8, 41, 9),
    host("docker.io", "source", 2.4, 510, 12),
    host("quay.io", "source", 6.1, 120, 1),
    host("harbor.example.com", "target", 18.5, 671, 3),
  ],
}

/** A server that has not mirrored anything yet. */
export const emptyOverview: Overview = {
  ...overview,
  totals: { succeeded: 0, unchanged: 0, failed: 0, cancelled: 0, bytesSent: 0, bytesSkipped: 0, copyMs: 0, copyBytes: 0 },
  steps: steps.map(({ at }) => ({ at, succeeded: 0, unchanged: 0, failed: 0, cancelled: 0, bytesSent: 0, bytesSkipped: 0 })),
  hosts: [],
}
