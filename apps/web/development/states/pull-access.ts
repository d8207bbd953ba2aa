import type { Answers } from "@entrepot/client"
import { noon } from "./jobs.ts"

const day = 86_400_000

/** Who may `docker login`. */
export const pullUsers: Answers["pullUsers"]["list"] = [
  { id: 1, name: "ci", disabled: false, createdAt: noon - 40 * day, updatedAt: noon - day },
  { id: 2, name: "k8s-production", disabled: false, createdAt: noon - 3 * day, updatedAt: noon - 3 * day },
  {
    id: 3,
    name: "li.wei@subsidiary-of-the-southern-region.example.com",
    disabled: true,
    createdAt: noon - 90 * day,
    updatedAt: noon,
  },
]

/** Rules of both kinds. */
export const accessRules: Answers["accessRules"]["list"] = [
  { id: 1, effect: "allow", prefix: "helloz", createdAt: noon - 20 * day },
  { id: 2, effect: "allow", prefix: "registry.k8s.io", createdAt: noon - 10 * day },
  { id: 3, effect: "deny", prefix: "ghcr.io/someone/with-a-rather-long-name/and-a-path-below-it", createdAt: noon - day },
]

/** Whether people need to log in. */
export const modes = {
  login: { open: false, isConfigured: false, closesItself: false },
  fresh: { open: true, isConfigured: false, closesItself: true },
  configured: { open: false, isConfigured: true, closesItself: false },
} satisfies Record<string, Answers["accessRules"]["mode"]>

/** What an anonymous pull meets. */
export const explained: Answers["accessRules"]["explain"] = {
  repository: "docker.io/helloz/nginx",
  isLetIn: true,
  reason: "allowed",
  rule: { effect: "allow", prefix: "helloz" },
}
