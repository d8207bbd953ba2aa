import type { Answers, Target } from "@entrepot/client"
import { noon } from "./jobs.ts"

const target: Target = {
  id: 1,
  ownerId: 1,
  shared: true,
  name: "公司 Harbor",
  host: "harbor.example.com",
  project: "proxy",
  naming: "default",
  plainHttp: false,
  tlsVerify: true,
  username: "robot$mirror",
  version: 3,
  createdAt: noon - 90 * 86_400_000,
  updatedAt: noon - 86_400_000,
  hasPassword: true,
  hasCa: false,
}

/** Saved targets: usual, bare, and one with everything that deserves a warning. */
export const targets: readonly Target[] = [
  target,
  {
    ...target,
    id: 2,
    name: "edge",
    host: "registry.edge.example.com:5000",
    project: "",
    shared: false,
    username: null,
    hasPassword: false,
  },
  {
    ...target,
    id: 3,
    name: "laboratory with a name that is rather longer than one would choose",
    host: "192.168.120.14:5000",
    project: "team/images",
    naming: "{registry}/{repository}",
    plainHttp: true,
    tlsVerify: false,
    shared: false,
    hasPassword: false,
  },
]

/** Each of the four answers in another way. */
export const checks = {
  good: { reachable: { answer: "yes" }, tls: { answer: "yes" }, credentials: { answer: "yes" }, push: { answer: "yes" } },
  refused: {
    reachable: { answer: "yes" },
    tls: { answer: "plain" },
    credentials: { answer: "no", code: "unauthorized", status: 401, hint: "check user name and password" },
    push: { answer: "unknown" },
  },
} satisfies Record<string, Answers["targets"]["check"]>

/** What is mirrored by the clock. */
export const schedules: Answers["schedules"]["list"] = [
  {
    id: 1,
    ownerId: 1,
    name: "nightly base images",
    cron: "0 3 * * *",
    timeZone: "Asia/Shanghai",
    request: { image: "nginx:1.27" },
    targetId: 1,
    enabled: true,
    lastAt: noon - 40_000_000,
    nextAt: noon + 46_000_000,
    createdAt: noon - 900_000_000,
    updatedAt: noon - 900_000_000,
  },
  {
    id: 2,
    ownerId: 1,
    name: "prometheus",
    cron: "*/20 8-18 * * 1-5",
    timeZone: "Europe/Berlin",
    request: { image: "quay.io/prometheus/prometheus:latest", platforms: ["linux/amd64"] },
    targetId: null,
    enabled: false,
    lastAt: null,
    nextAt: null,
    createdAt: noon,
    updatedAt: noon,
  },
]
