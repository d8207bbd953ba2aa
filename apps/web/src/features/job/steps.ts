import { type EngineName, engineStages } from "@entrepot/core/progress"
import type { Stage, WatchedJob } from "./watched-job.ts"

/** `skipped`: there was nothing to do for it; `stopped`: broken off by a person; `paused`: broken off until the job goes on. */
export type StepState = "waiting" | "running" | "done" | "failed" | "stopped" | "paused" | "skipped"

/** A stage of the engine, and how far it has come. Times are milliseconds since 1970, by the server's clock. */
export interface Step {
  readonly stage: Stage
  readonly state: StepState
  readonly startedAt: number | undefined
  /** Undefined while it runs, and before. */
  readonly endedAt: number | undefined
}

/** Every stage that the engine goes through, in its order, whether it has begun or not. */
export function stepsOf(
  { stages, standing, endedAt }: Pick<WatchedJob, "stages" | "standing" | "endedAt">,
  engine: EngineName,
): readonly Step[] {
  const state = standing?.state ?? "queued"
  return engineStages[engine].map((stage) => {
    const times = stages.get(stage)
    if (times === undefined) {
      return { stage, state: state === "succeeded" ? "skipped" : "waiting", startedAt: undefined, endedAt: undefined }
    }
    const { startedAt, finishedAt } = times
    if (finishedAt !== undefined || state === "succeeded")
      return { stage, state: "done", startedAt, endedAt: finishedAt ?? endedAt }
    if (state === "failed") return { stage, state: "failed", startedAt, endedAt }
    if (state === "cancelled") return { stage, state: "stopped", startedAt, endedAt }
    if (state !== "running") return { stage, state: "paused", startedAt, endedAt: undefined }
    return { stage, state: "running", startedAt, endedAt: undefined }
  })
}
