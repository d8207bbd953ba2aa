import type { Job } from "@entrepot/db/stores"
import type { z } from "zod"
import type { HistoryQuery } from "../../jobs/job-service.ts"
import type { Caller } from "../router.ts"
import { byteOrderMark, type CsvCell, csvRow } from "./csv-row.ts"
import type { jobViewSchema } from "./job-view.ts"

type JobView = z.input<typeof jobViewSchema>

/** How jobs are written to a file. */
interface ExportFormat {
  readonly media: string
  write(pages: AsyncIterable<readonly JobView[]>): AsyncGenerator<string>
}

const pageSize = 200

/** The fields of a job's view that fit into a cell, and the code of its error. */
const columns = [
  "id",
  "kind",
  "parent_id",
  "source_image",
  "target_image",
  "target_host",
  "status",
  "message",
  "stage",
  "progress",
  "bytes_done",
  "bytes_total",
  "digest",
  "unchanged",
  "attempts",
  "wait_reason",
  "wait_until",
  "error_msg",
  "error_code",
  "duration",
  "created_at",
  "started_at",
  "ended_at",
] as const

export const exportFormats = {
  csv: {
    media: "text/csv; charset=utf-8; header=present",
    write: async function* (pages) {
      yield `${byteOrderMark}${csvRow(columns)}`
      for await (const page of pages) yield page.map((job) => csvRow(columns.map((column) => cellOf(job, column)))).join("")
    },
  },
  json: {
    media: "application/json; charset=utf-8",
    write: async function* (pages) {
      let before = "["
      for await (const page of pages) {
        if (page.length === 0) continue
        yield before + page.map((job) => JSON.stringify(job)).join(",\n")
        before = ",\n"
      }
      yield before === "[" ? "[]\n" : "]\n"
    },
  },
} as const satisfies Record<string, ExportFormat>

/** All jobs that match, newest first, a page of them at a time; the next is asked for when the one before was taken. */
export async function* pagesOfJobs(
  call: Caller,
  filter: Omit<HistoryQuery, "limit">,
  view: (job: Job) => JobView,
): AsyncGenerator<readonly JobView[]> {
  let before: number | undefined
  do {
    const { jobs, next } = await call.jobs.list({
      ...filter,
      limit: pageSize,
      ...(before === undefined ? {} : { before }),
    })
    yield jobs.map(view)
    before = next ?? undefined
  } while (before !== undefined)
}

function cellOf(job: JobView, column: (typeof columns)[number]): CsvCell {
  return column === "error_code" ? (job.error?.code ?? null) : (job[column] ?? null)
}
