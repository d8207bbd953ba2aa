import type { Answers } from "@entrepot/client"
import { noon } from "./jobs.ts"

/** Who looks at the page. */
export const people = {
  admin: { userId: 1, name: "admin", role: "admin", via: "session", scopes: null, mustChange: false },
  viewer: { userId: 3, name: "li.wei", role: "viewer", via: "session", scopes: null, mustChange: false },
  first: { userId: 1, name: "admin", role: "admin", via: "session", scopes: null, mustChange: true },
} satisfies Record<string, Answers["accounts"]["me"]>

/** Keys for programs. */
export const keys: Answers["accounts"]["keys"]["list"] = [
  {
    id: "7b2289e1d697e071",
    userId: 1,
    name: "ci",
    scopes: ["jobs:read", "jobs:write"],
    expiresAt: null,
    lastUsedAt: noon - 60_000,
    createdAt: noon - 800_000_000,
  },
  {
    id: "0c11d2f8a9b3e4c5",
    userId: 1,
    name: "dashboard",
    scopes: ["jobs:read"],
    expiresAt: noon + 900_000_000,
    lastUsedAt: null,
    createdAt: noon - 90_000_000,
  },
]

/** Everybody who may log in. */
export const users: Answers["accounts"]["users"]["list"] = [
  { id: 1, name: "admin", role: "admin", disabled: false, createdAt: noon - 2_000_000_000, hasPassword: false },
  { id: 2, name: "zhang.min", role: "operator", disabled: false, createdAt: noon - 900_000_000, hasPassword: true },
  { id: 3, name: "li.wei", role: "viewer", disabled: true, createdAt: noon - 400_000_000, hasPassword: true },
]

/** What was done, newest first. */
export const audit: Answers["accounts"]["audit"] = [
  {
    id: 4,
    at: noon,
    actorId: 1,
    actorName: "admin",
    action: "keys.create",
    subject: "ci",
    outcome: "ok",
    address: "203.0.113.7",
  },
  {
    id: 3,
    at: noon - 60_000,
    actorId: 1,
    actorName: "admin",
    action: "login",
    subject: "",
    outcome: "ok",
    address: "203.0.113.7",
  },
  {
    id: 2,
    at: noon - 90_000,
    actorId: null,
    actorName: "",
    action: "login",
    subject: "admin",
    outcome: "refused",
    address: "198.51.100.20",
  },
]

/** What can be changed while the server runs: as configured, and as somebody saved it. */
export const settings: Answers["settings"]["get"] = {
  jobConcurrency: { value: 5, configured: 3, saved: true },
  jobsPerOwner: { value: null, configured: null, saved: false },
  limitRate: { value: 20_971_520, configured: null, saved: true },
  keepDays: { value: 90, configured: 90, saved: false },
}

/** The same as nobody has touched it. */
export const settingsAsConfigured: Answers["settings"]["get"] = {
  jobConcurrency: { value: 3, configured: 3, saved: false },
  jobsPerOwner: { value: null, configured: null, saved: false },
  limitRate: { value: null, configured: null, saved: false },
  keepDays: { value: 90, configured: 90, saved: false },
}
