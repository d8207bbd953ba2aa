import type { Job } from "@entrepot/client"

/** A job that ended well, but for what a test says of it. */
export function sampleJob(job: Partial<Job> & Pick<Job, "id">): Job {
  return {
    kind: "mirror",
    parentId: null,
    ownerId: 1,
    runner: "server",
    source: "nginx:1.27",
    target: "harbor.example.com/proxy/nginx:1.27",
    sourceHost: "docker.io",
    targetHost: "harbor.example.com",
    request: { source: "docker://nginx:1.27", target: "docker://harbor.example.com/proxy/nginx:1.27", engine: "direct" },
    state: "succeeded",
    waitReason: null,
    waitUntil: null,
    priority: 0,
    stage: null,
    attempts: 1,
    cancelRequested: false,
    targetId: null,
    credentialSides: [],
    digest: null,
    unchanged: false,
    failure: null,
    totals: null,
    progress: null,
    revision: 1,
    lastSequence: 1,
    createdAt: 1_000,
    startedAt: 1_000,
    endedAt: 2_000,
    ...job,
  }
}
