import type { BusySite } from "./busy-site.fixture.ts"

/** A page as it is walked to. */
export interface ListedPage {
  /** For the names of screenshots. */
  readonly name: string
  readonly path: string
  /** Shown to whoever is not logged in. */
  readonly open?: boolean
  /** The answer is 404. */
  readonly missing?: boolean
}

/** Every page that there is, and those of jobs in each state. */
export function pageList(busy: BusySite): readonly ListedPage[] {
  return [
    { name: "login", path: "/login", open: true },
    { name: "mirror", path: "/" },
    { name: "batch", path: "/batch" },
    { name: "jobs", path: "/jobs" },
    { name: "job-succeeded", path: `/jobs/${busy.succeeded}` },
    { name: "job-failed", path: `/jobs/${busy.failed}` },
    { name: "job-running", path: `/jobs/${busy.running}` },
    { name: "job-waiting", path: `/jobs/${busy.waiting}` },
    { name: "job-batch", path: `/jobs/${busy.batch}` },
    { name: "statistics", path: "/statistics" },
    { name: "statistics-served", path: "/statistics?of=served" },
    { name: "access-log", path: "/access-log" },
    { name: "targets", path: "/targets" },
    { name: "schedules", path: "/schedules" },
    { name: "projects", path: "/projects" },
    { name: "project", path: "/projects/proxy" },
    { name: "repository", path: `/projects/${busy.stored}` },
    { name: "image", path: `/projects/${busy.stored}?image=1.27` },
    { name: "cache", path: "/cache" },
    { name: "setup", path: "/setup" },
    { name: "upstreams", path: "/upstreams" },
    { name: "whitelist", path: "/whitelist" },
    { name: "pull-users", path: "/pull-users" },
    { name: "settings", path: "/settings" },
    ...["keys", "transfers", "users", "webhooks", "audit"].map((section) => ({
      name: `settings-${section}`,
      path: `/settings/${section}`,
    })),
    { name: "missing", path: "/nothing/here", missing: true },
  ]
}
