import type { JobStore } from "../../../packages/db/src/stores.ts"

/** A question that a page or a client asks of the history. */
export interface HistoryQuestion {
  readonly title: string
  /** Asked again and again, each time a little different where that is possible; answers with the number of rows. */
  ask(jobs: JobStore, round: number): Promise<number>
}

const limit = 50

/** What is asked of a history of `count` jobs. */
export function historyQuestions(count: number): readonly HistoryQuestion[] {
  const list = (title: string, query: (round: number) => Partial<Parameters<JobStore["list"]>[0]>): HistoryQuestion => ({
    title,
    ask: async (jobs, round) => (await jobs.list({ visibility: "all", limit, ...query(round) })).jobs.length,
  })
  const hour = 3_600_000
  const middle = Date.now() - (count / 2) * 60_000
  return [
    list("first page", () => ({})),
    list("first page, 200 rows", () => ({ limit: 200 })),
    list("first page of an owner with a tenth of all", () => ({ visibility: { ownerId: 1 } })),
    list("first page of an owner with a few thousand", (round) => ({ visibility: { ownerId: 3 + (round % 90) * 2 } })),
    list("deep page: the middle", (round) => ({ before: Math.floor(count / 2) + round * 50 })),
    list("deep page: the oldest", (round) => ({ before: 100 + round })),
    list("deep page of one owner", (round) => ({ visibility: { ownerId: 1 }, before: 2000 + round })),
    list("filter: failed", (round) => ({ states: ["failed"], before: count - round * Math.floor(count / 200) })),
    list("filter: cancelled jobs of one owner", () => ({ states: ["cancelled"], visibility: { ownerId: 7 } })),
    list("filter: nothing is like that (queued)", () => ({ states: ["queued"] })),
    list("filter: host, common", () => ({ host: "docker.io" })),
    list("filter: host, one of 37", (round) => ({ host: `harbor-${round % 37}.example.com` })),
    list("filter: host of nobody", () => ({ host: "nowhere.example.com" })),
    list("filter: one hour a year ago", (round) => ({ since: middle + round * hour, until: middle + (round + 1) * hour })),
    list("filter: one hour a year ago, failed, of one owner", (round) => ({
      since: middle + round * hour,
      until: middle + (round + 1) * hour,
      states: ["failed"],
      visibility: { ownerId: 1 },
    })),
    list("search: nginx, in a fifth of all", () => ({ search: "nginx" })),
    list("search: NGINX, deep page", (round) => ({ search: "NGINX", before: 3000 + round })),
    list("search: one image of 5,000", (round) => ({ search: `service-${1003 + round * 5}:` })),
    list("search: one job of a million", () => ({ search: "needle-in-hay" })),
    list("search: nothing", () => ({ search: "no-such-thing" })),
    list("search: two letters, common (go)", () => ({ search: "go" })),
    list("search: two letters, in nothing (zq)", () => ({ search: "zq" })),
    list("search: one letter", () => ({ search: "n" })),
    list("search: common, and failed", () => ({ search: "nginx", states: ["failed"] })),
    list("search: common, and cancelled, which none is", () => ({ search: "nginx", states: ["cancelled"] })),
    list("search: common, of an owner with a few thousand", (round) => ({
      search: "nginx",
      visibility: { ownerId: 3 + (round % 90) * 2 },
    })),
    list("search: one image, and host of another", () => ({ search: "service-1003:", host: "harbor-1.example.com" })),
    list("children of a batch", (round) => ({ parentId: (1 + round) * 1000 })),
    { title: "one job", ask: async (jobs, round) => ((await jobs.get(1 + round * 997)) ? 1 : 0) },
    { title: "events of a job", ask: async (jobs, round) => (await jobs.events(count - round, 0, 500)).length },
    {
      title: "changes since a revision",
      ask: async (jobs, round) => (await jobs.changes("all", count - 200 - round, 500)).length,
    },
    {
      title: "jobs by state, of everybody",
      ask: async (jobs) => Object.values(await jobs.counts("all")).reduce((sum, each) => sum + each, 0),
    },
    {
      title: "jobs by state, of an owner with a tenth of all",
      ask: async (jobs) => Object.values(await jobs.counts({ ownerId: 1 })).reduce((sum, each) => sum + each, 0),
    },
  ]
}
