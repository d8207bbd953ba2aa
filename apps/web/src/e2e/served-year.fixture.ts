import { fillStores } from "./stored-rows.fixture.ts"

const dayHours = 24
const days = 365
/** Each day of a month adds to the same rows, which is quicker in one go. */
const daysAtOnce = 31
const repositories = 100
const upstreams = ["registry-1.docker.io", "quay.io", "gcr.io"] as const

/** What is counted in every hour of the year. */
export const anHour = {
  ...{ requests: 900, pulls: 120, refused: 3, failures: 2, hits: 640, stale: 4, misses: 60 },
  ...{ bytesSent: 8_000_000_000, bytesPushed: 90_000_000, bytesFetched: 700_000_000 },
} as const

/** Mean time to an answer of each upstream, milliseconds. */
export const waitsMs: Readonly<Record<(typeof upstreams)[number], number>> = {
  "registry-1.docker.io": 300,
  "quay.io": 120,
  "gcr.io": 900,
}

/** The name of a repository by its place among those that are pulled most. */
export const repositoryAt = (place: number) => `docker.io/library/image-${String(place).padStart(3, "0")}`

/** How often that one is pulled every day. */
export const dailyPulls = (place: number) => repositories - place

/** Fills a database that no application has open with the year before that day (whole days since 1970): each of its hours, and 100 repositories a day. */
export async function recordServedYear(dataDirectory: string, untilDay: number): Promise<void> {
  const hourOf = (day: number, hour: number) => ({
    hour: day * dayHours + hour,
    ...anHour,
    upstreams: upstreams.map((host) => ({
      host,
      requests: 21,
      failures: 1,
      waitMs: 20 * waitsMs[host],
      bytesFetched: 230_000_000,
    })),
    repositories: Array.from({ length: repositories }, (_, place) => place)
      .filter((place) => place % dayHours === hour)
      .map((place) => ({ repository: repositoryAt(place), pulls: dailyPulls(place), bytesSent: 1_000_000 })),
  })
  await fillStores(dataDirectory, async ({ served }) => {
    for (let day = untilDay - days; day < untilDay; day += daysAtOnce) {
      const hours = Math.min(daysAtOnce, untilDay - day) * dayHours
      await served.add(Array.from({ length: hours }, (_, at) => hourOf(day + Math.floor(at / dayHours), at % dayHours)))
    }
  })
}
