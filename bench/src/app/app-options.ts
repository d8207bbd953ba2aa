import { parseArgs } from "node:util"

export interface AppBenchOptions {
  readonly only: readonly string[]
  readonly jobs: number
  readonly rounds: number
  readonly postgres: string | undefined
  readonly followers: number
  readonly subscriptions: number
  readonly profile: string | undefined
  readonly markdown: string | undefined
  readonly help: boolean
}

export const appHelpText = `Usage: pnpm bench app [options]

Measures the application: a history of a million jobs at the database, hundreds of followers of one running job, and what
administrators look at: a year of statistics, a scrape of the metrics, beside an access log of a million rows.

  --only LIST          history, followers, administration; by comma (default all)
  --jobs N             jobs in the history, rows in the access log (default 1000000)
  --rounds N           times that each question is asked (default 40)
  --postgres URL       an empty PostgreSQL database, to be asked the same: postgres://user@host/database
  --followers N        plain event streams of one job, five to a key (default 500)
  --subscriptions N    tRPC subscriptions of one job, in a run of their own (default 100)
  --profile DIRECTORY  a processor profile of the server is written there
  --markdown FILE      write the tables there
  --help
`

/** @throws TypeError for an option that does not exist. */
export function parseAppOptions(args: readonly string[]): AppBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: "history,followers,administration" },
      jobs: { type: "string", default: "1000000" },
      rounds: { type: "string", default: "40" },
      postgres: { type: "string" },
      followers: { type: "string", default: "500" },
      subscriptions: { type: "string", default: "100" },
      profile: { type: "string" },
      markdown: { type: "string" },
      help: { type: "boolean", default: false },
    },
  })
  return {
    only: values.only.split(",").filter(Boolean),
    jobs: Math.max(10_000, Number(values.jobs)),
    rounds: Math.max(1, Number(values.rounds)),
    postgres: values.postgres,
    followers: Number(values.followers),
    subscriptions: Number(values.subscriptions),
    profile: values.profile,
    markdown: values.markdown,
    help: values.help,
  }
}
