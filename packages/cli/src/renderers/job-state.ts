import type { Say } from "../locale.ts"
import type { Job } from "../run/desk.ts"
import type { Paint } from "./paint.ts"

/** What has become of a job, in a word or two. */
export function jobStateWord(job: Pick<Job, "state" | "waitReason" | "unchanged" | "cancelRequested">, say: Say): string {
  switch (job.state) {
    case "queued":
      return say("queued", "排队中")
    case "waiting":
      return job.waitReason === "credentials" ? say("needs login", "等待凭据") : say("rate-limited", "限流等待")
    case "running":
      return job.cancelRequested ? say("stopping", "正在停止") : say("running", "进行中")
    case "succeeded":
      return job.unchanged ? say("up to date", "已是最新") : say("succeeded", "成功")
    case "failed":
      return say("failed", "失败")
    case "cancelled":
      return say("cancelled", "已取消")
  }
}

/** The colour of a state, which says what the word says. */
export function paintState(text: string, { state }: Pick<Job, "state">, paint: Paint): string {
  switch (state) {
    case "succeeded":
      return paint.green(text)
    case "failed":
      return paint.red(text)
    case "waiting":
    case "cancelled":
      return paint.yellow(text)
    default:
      return text
  }
}
