import { formatBytes, formatDuration } from "@entrepot/core/progress"
import type { Job } from "../run/desk.ts"
import { failureLines } from "./failure-lines.ts"
import { formatTime } from "./format-time.ts"
import { jobStateWord, paintState } from "./job-state.ts"
import type { Look } from "./look.ts"
import { stageWord } from "./stage-text.ts"
import { padEnd, printable } from "./text-width.ts"

/** Everything about one job, a line each; a failure as it is shown when it happens. */
export function jobLines(job: Job, look: Look): string[] {
  const { say, paint } = look
  const { totals, progress } = job
  const rows: (readonly [string, string] | undefined)[] = [
    [say("image", "镜像"), printable(job.source)],
    job.target === "" ? undefined : [say("target", "目标"), printable(job.target)],
    job.digest === null ? undefined : [say("digest", "摘要"), printable(job.digest)],
    [say("made", "创建"), formatTime(job.createdAt)],
    job.startedAt === null ? undefined : [say("begun", "开始"), formatTime(job.startedAt) + attemptsOf(job, look)],
    job.endedAt === null ? undefined : [say("ended", "结束"), formatTime(job.endedAt) + durationOf(job, look)],
    job.waitUntil === null ? undefined : [say("goes on", "继续"), formatTime(job.waitUntil)],
    job.state === "running" ? [say("stage", "阶段"), stageWord(job.stage ?? undefined, say)] : undefined,
    progress === null || job.endedAt !== null
      ? undefined
      : [say("done", "进度"), `${formatBytes(progress.bytesDone)} / ${formatBytes(progress.bytesTotal)}`],
    totals === null
      ? undefined
      : [
          say("sent", "已传输"),
          formatBytes(totals.bytesSent) +
            (totals.bytesSkipped === 0
              ? ""
              : say(`; ${formatBytes(totals.bytesSkipped)} already there`, `；目标已有 ${formatBytes(totals.bytesSkipped)}`)),
        ],
    job.runner === "terminal" ? [say("ran", "运行于"), say("in a terminal", "终端")] : undefined,
  ]
  return [
    `${paint.bold(say(`job ${job.id}`, `任务 ${job.id}`))}  ${paintState(jobStateWord(job, say), job, paint)}`,
    ...rows.flatMap((row) => (row === undefined ? [] : [`  ${padEnd(row[0], 8)} ${row[1]}`])),
    ...(job.failure === null ? [] : failureLines(job.failure, look)),
  ]
}

function attemptsOf({ attempts }: Job, { say }: Look): string {
  return attempts > 1 ? say(`, ${attempts} times`, `，共 ${attempts} 次`) : ""
}

function durationOf({ startedAt, endedAt }: Job, { say }: Look): string {
  if (startedAt === null || endedAt === null) return ""
  const time = formatDuration(endedAt - startedAt)
  return say(`, after ${time}`, `，用时 ${time}`)
}
