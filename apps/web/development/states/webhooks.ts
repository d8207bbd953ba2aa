import type { Answers, Delivery, Webhook } from "@entrepot/client"
import { noon } from "./jobs.ts"

const usual: Webhook = {
  id: 1,
  name: "运维群",
  format: "dingtalk",
  host: "oapi.dingtalk.com",
  events: ["job.failed", "upstream.unhealthy", "upstream.recovered"],
  enabled: true,
  locale: "zh",
  version: 2,
  createdAt: noon - 900_000_000,
  updatedAt: noon - 800_000_000,
  hasSecret: true,
  last: { state: "delivered", endedAt: noon - 60_000, status: 200, error: null },
}

/** One that works, one that does not, and one that is paused and was never told anything. */
export const webhooks: Answers["webhooks"]["list"] = {
  webhooks: [
    usual,
    {
      ...usual,
      id: 2,
      name: "dashboard of the build farm with a name that somebody made long on purpose",
      format: "standard",
      host: "hooks.build-farm.internal.example.com:8443",
      events: ["job.succeeded", "job.failed"],
      last: {
        state: "failed",
        endedAt: noon - 3_600_000,
        status: 503,
        error: "status: hooks.build-farm.internal.example.com:8443 answered HTTP 503",
      },
    },
    { ...usual, id: 3, name: "on call", format: "slack", host: "hooks.slack.com", enabled: false, hasSecret: false, last: null },
  ],
  keepsSecrets: true,
}

/** Without a master key. */
export const noWebhooks: Answers["webhooks"]["list"] = { webhooks: [], keepsSecrets: false }

const usualDelivery: Delivery = {
  id: 41,
  webhookId: 1,
  event: "job.failed",
  facts: "{}",
  state: "delivered",
  attempts: 1,
  nextAt: null,
  createdAt: noon - 61_000,
  endedAt: noon - 60_000,
  status: 200,
  error: null,
  durationMs: 182,
}

/** A message in every state. */
export const deliveries: Answers["webhooks"]["deliveries"] = {
  deliveries: [
    usualDelivery,
    {
      ...usualDelivery,
      id: 40,
      webhookId: 2,
      event: "job.succeeded",
      state: "pending",
      attempts: 3,
      nextAt: noon + 240_000,
      endedAt: null,
      status: 503,
      error: "status: hooks.build-farm.internal.example.com:8443 answered HTTP 503",
    },
    { ...usualDelivery, id: 39, event: "upstream.unhealthy" },
    {
      ...usualDelivery,
      id: 38,
      webhookId: 2,
      event: "test",
      state: "failed",
      attempts: 1,
      status: null,
      error: "network: connection refused by hooks.build-farm.internal.example.com:8443",
    },
  ],
  next: 38,
}

/** The first of them, with what was sent. */
export const delivery: Answers["webhooks"]["delivery"] = {
  ...usualDelivery,
  body: JSON.stringify({
    msgtype: "markdown",
    markdown: { title: "任务失败", text: "### 任务失败\n- 镜像：nginx:1.27\n- 目标：harbor.example.com/proxy/nginx:1.27" },
  }),
}
