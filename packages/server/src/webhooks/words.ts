import type { Locale } from "@entrepot/core"
import type { Delivery } from "@entrepot/db/stores"

interface Words {
  readonly titles: Readonly<Record<Delivery["event"], string>>
  readonly unchanged: string
  readonly batch: { readonly succeeded: string; readonly failed: string }
  readonly labels: Readonly<
    Record<"source" | "target" | "digest" | "sent" | "took" | "error" | "jobs" | "upstream" | "host", string>
  >
  jobs(counts: { readonly succeeded: number; readonly failed: number; readonly cancelled: number }): string
  readonly links: Readonly<Record<"job" | "upstream" | "test", string>>
  readonly test: string
  /** Between a label and what it names. */
  readonly colon: string
}

/** The words of messages. Every title begins with the product's name, which chat bots can be told to look for (their "keyword"). */
export const words = {
  zh: {
    titles: {
      "job.succeeded": "Entrepot：镜像转存成功",
      "job.failed": "Entrepot：镜像转存失败",
      "upstream.unhealthy": "Entrepot：镜像源不可用",
      "upstream.recovered": "Entrepot：镜像源已恢复",
      test: "Entrepot：测试消息",
    },
    unchanged: "Entrepot：目标镜像已是最新",
    batch: { succeeded: "Entrepot：批量任务完成", failed: "Entrepot：批量任务失败" },
    labels: {
      source: "源镜像",
      target: "目标镜像",
      digest: "摘要",
      sent: "传输",
      took: "用时",
      error: "原因",
      jobs: "结果",
      upstream: "镜像源",
      host: "地址",
    },
    jobs: ({ succeeded, failed, cancelled }) => `成功 ${succeeded}，失败 ${failed}，取消 ${cancelled}`,
    links: { job: "查看任务", upstream: "查看镜像源", test: "查看设置" },
    test: "收到这条消息，说明通知已经配置好。",
    colon: "：",
  },
  en: {
    titles: {
      "job.succeeded": "Entrepot: image mirrored",
      "job.failed": "Entrepot: mirroring failed",
      "upstream.unhealthy": "Entrepot: upstream in trouble",
      "upstream.recovered": "Entrepot: upstream answers again",
      test: "Entrepot: test message",
    },
    unchanged: "Entrepot: the target had the image already",
    batch: { succeeded: "Entrepot: batch finished", failed: "Entrepot: batch failed" },
    labels: {
      source: "Source",
      target: "Target",
      digest: "Digest",
      sent: "Sent",
      took: "Took",
      error: "Reason",
      jobs: "Jobs",
      upstream: "Upstream",
      host: "Address",
    },
    jobs: ({ succeeded, failed, cancelled }) => `${succeeded} succeeded, ${failed} failed, ${cancelled} cancelled`,
    links: { job: "Show the job", upstream: "Show the upstreams", test: "Show the settings" },
    test: "If you can read this, notifications arrive.",
    colon: ": ",
  },
} as const satisfies Record<Locale, Words>
