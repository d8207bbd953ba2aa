import type { FollowedEvent, Job } from "@entrepot/client"

/** When all of this is said to have happened: 21 November 2026, 14:30 in Shanghai. */
export const noon = Date.UTC(2026, 10, 21, 6, 30)

const minute = 60_000
const mib = 1024 * 1024

/** A digest that is told from others by one character. */
export function digestOf(character: string): `sha256:${string}` {
  return `sha256:${character.charCodeAt(0).toString(16).padStart(2, "0").repeat(32)}`
}

const harbor = "harbor.example.com"

/** A mirror that went well, where nothing else is said. */
export function sampleJob(id: number, more: Partial<Job> = {}): Job {
  const source = more.source ?? "docker.io/library/nginx:1.27"
  const target = more.target ?? `${harbor}/proxy/${source.replace(/^docker\.io\/(library\/)?/, "")}`
  const started = noon - (30 - id) * 7 * minute
  return {
    id,
    kind: "mirror",
    parentId: null,
    ownerId: 1,
    runner: "server",
    source,
    target,
    sourceHost: source.split("/")[0] ?? "",
    targetHost: harbor,
    request: { source: `docker://${source}`, target: `docker://${target}`, engine: "direct" },
    state: "succeeded",
    waitReason: null,
    waitUntil: null,
    priority: 0,
    stage: "tag",
    attempts: 1,
    cancelRequested: false,
    targetId: 1,
    credentialSides: ["target"],
    digest: digestOf("a"),
    unchanged: false,
    failure: null,
    totals: { bytesSent: 68 * mib, bytesSkipped: 31 * mib, blobsSent: 7, blobsSkipped: 2, blobsMounted: 1, durationMs: 42_300 },
    progress: null,
    revision: id,
    lastSequence: 1,
    createdAt: started - 2_000,
    startedAt: started,
    endedAt: started + 42_300,
    ...more,
  }
}

/** The target does not know who we are. */
export const refusedPush = {
  code: "unauthorized",
  message: "401",
  side: "target",
  host: harbor,
  status: 401,
  hint: "check user name and password",
} as const

const open = { totals: null, endedAt: null, digest: null } as const

/** One job of each kind that a list can hold, newest first. */
export const jobsOfEveryKind: readonly Job[] = [
  sampleJob(30, { ...open, state: "queued", source: "quay.io/prometheus/prometheus:v2.40.0", stage: null, startedAt: null }),
  sampleJob(29, {
    ...open,
    state: "running",
    source: "docker.io/library/postgres:17",
    stage: "copy",
    progress: { bytesDone: 61 * mib, bytesTotal: 154 * mib, blobs: [] },
  }),
  sampleJob(28, {
    ...open,
    state: "waiting",
    waitReason: "rate_limit",
    waitUntil: noon + 14 * minute,
    source: "docker.io/library/redis:7",
  }),
  sampleJob(27, { ...open, state: "waiting", waitReason: "credentials", source: "ghcr.io/acme/private:2" }),
  sampleJob(26),
  sampleJob(25, {
    source: "docker.io/library/redis:alpine",
    unchanged: true,
    totals: { ...zeroTotals(), bytesSkipped: 14 * mib, blobsSkipped: 6 },
  }),
  sampleJob(24, {
    state: "failed",
    source: "gcr.io/google-containers/pause:3.2",
    target: `${harbor}/proxy/gcr.io/google-containers/pause:3.2`,
    digest: null,
    failure: {
      code: "network",
      message: "connect ETIMEDOUT",
      side: "source",
      host: "gcr.io",
      attempts: 5,
      hint: "check the address, the network, and whether a proxy is needed",
    },
    totals: { ...zeroTotals(), durationMs: 61_000 },
  }),
  sampleJob(23, {
    state: "failed",
    source: "ghcr.io/actions/actions-runner:latest",
    digest: null,
    failure: refusedPush,
    totals: { ...zeroTotals(), durationMs: 800 },
  }),
  sampleJob(22, { state: "cancelled", source: "docker.io/pytorch/pytorch:2.5.1-cuda12.4-cudnn9-devel", digest: null }),
  sampleJob(21, { kind: "batch", source: "compose.yml", target: harbor, sourceHost: "", totals: null, digest: null }),
  sampleJob(20, {
    source: "registry.k8s.io/sig-storage/csi-node-driver-registrar-with-a-very-long-name-that-wraps:v2.12.0-rc.1",
    target: `${harbor}/proxy/registry.k8s.io/sig-storage/csi-node-driver-registrar-with-a-very-long-name-that-wraps:v2.12.0-rc.1`,
  }),
]

function zeroTotals() {
  return { bytesSent: 0, bytesSkipped: 0, blobsSent: 0, blobsSkipped: 0, blobsMounted: 0, durationMs: 900 }
}

/** The names of a job's two ends. */
const ends = { source: "docker.io/library/postgres:17", target: `${harbor}/proxy/postgres:17` }

const layers = [..."bcdefghi"].map((character, index) => ({
  digest: digestOf(character),
  size: (index * 7 + 3) * mib,
  mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
}))

/** Events with numbers and times, a second apart. */
function told(...events: readonly FollowedEvent["event"][]): FollowedEvent[] {
  return events.map((event, index) => ({ sequence: index + 1, at: noon - (events.length - index) * 1_000, event }))
}

const beginning = [
  { type: "state", state: "queued", attempt: 0 },
  { type: "state", state: "running", attempt: 1 },
  { type: "stage", stage: "prepare", state: "started" },
  {
    type: "plan",
    ...ends,
    digest: digestOf("a"),
    unchanged: false,
    digestChanges: false,
    blobs: layers,
    totalBytes: layers.reduce((sum, { size }) => sum + size, 0),
    platforms: ["linux/amd64", "linux/arm64"],
  },
  { type: "stage", stage: "prepare", state: "finished" },
  { type: "stage", stage: "copy", state: "started" },
] as const satisfies readonly FollowedEvent["event"][]

function layer(
  index: number,
  state: "present" | "mounted" | "copying" | "retrying" | "done" | "failed",
  share = 1,
  more: { readonly resumedAt?: number; readonly connections?: number } = {},
) {
  const { digest, size } = layers[index] ?? { digest: digestOf("z"), size: 1 }
  return { type: "blob", digest, size, state, offset: Math.round(size * share), ...more } as const
}

const totals = {
  bytesSent: 160 * mib,
  bytesSkipped: 31 * mib,
  blobsSent: 6,
  blobsSkipped: 1,
  blobsMounted: 1,
  durationMs: 84_000,
}

/** What a job tells, by how it goes. */
export const streams = {
  running: told(
    ...beginning,
    layer(0, "present"),
    layer(1, "mounted"),
    layer(2, "done"),
    { type: "log", level: "warn", message: "docker.io: connection reset; goes on at byte 9,437,184" },
    layer(3, "copying", 0.31),
    layer(4, "copying", 0.44, { connections: 3 }),
    layer(3, "copying", 0.62, { resumedAt: 9_437_184, connections: 2 }),
    layer(5, "retrying", 0.2),
  ),
  succeeded: told(
    ...beginning,
    ...layers.map((_, index) => layer(index, index === 0 ? "present" : index === 1 ? "mounted" : "done")),
    { type: "stage", stage: "copy", state: "finished" },
    { type: "stage", stage: "tag", state: "started" },
    { type: "manifest", digest: digestOf("a"), size: 1_862, reference: "17" },
    { type: "stage", stage: "tag", state: "finished" },
    { type: "outcome", outcome: "succeeded", ...ends, digest: digestOf("a"), totals },
    { type: "state", state: "succeeded", attempt: 1 },
  ),
  failed: told(
    ...beginning,
    layer(0, "present"),
    layer(2, "failed", 0.7),
    {
      type: "outcome",
      outcome: "failed",
      ...ends,
      totals: { ...totals, bytesSent: 12 * mib },
      error: refusedPush,
    },
    { type: "state", state: "failed", attempt: 1 },
  ),
  waiting: told(...beginning.slice(0, 3), {
    type: "state",
    state: "waiting",
    attempt: 1,
    waitReason: "rate_limit",
    waitUntil: noon + 14 * minute,
  }),
  queued: told({ type: "state", state: "queued", attempt: 0 }),
  batch: told({ type: "state", state: "queued", attempt: 0 }, { type: "state", state: "running", attempt: 1 }),
} satisfies Record<string, readonly FollowedEvent[]>

/** The job that those streams are of. */
export const watchedJob = sampleJob(29, {
  ...ends,
  ...open,
  state: "running",
  request: { source: `docker://${ends.source}`, target: `docker://${ends.target}`, engine: "direct" },
})
