import type { z } from "zod"
import type { Caller } from "../router.ts"
import { byteOrderMark, csvRow } from "./csv-row.ts"
import { accessViewSchema, viewAccess } from "./registry-view.ts"

type AccessView = z.input<typeof accessViewSchema>
type AccessFilter = Omit<Parameters<Caller["accessLog"]["list"]>[0], "limit" | "before">

const pageSize = 500
const columns = accessViewSchema.keyof().options

/** How the access log is written to a file. */
export const accessExportFormats = {
  csv: {
    media: "text/csv; charset=utf-8; header=present",
    write: async function* (pages: AsyncIterable<readonly AccessView[]>): AsyncGenerator<string> {
      yield `${byteOrderMark}${csvRow(columns)}`
      for await (const page of pages) yield page.map((entry) => csvRow(columns.map((column) => entry[column]))).join("")
    },
  },
  json: {
    media: "application/json; charset=utf-8",
    write: async function* (pages: AsyncIterable<readonly AccessView[]>): AsyncGenerator<string> {
      let before = "["
      for await (const page of pages) {
        if (page.length === 0) continue
        yield before + page.map((entry) => JSON.stringify(entry)).join(",\n")
        before = ",\n"
      }
      yield before === "[" ? "[]\n" : "]\n"
    },
  },
} as const

/** All entries that match, newest first, a page of them at a time; the next is asked for when the one before was taken. */
export async function* pagesOfAccess(call: Caller, filter: AccessFilter): AsyncGenerator<readonly AccessView[]> {
  let before: number | undefined
  do {
    const { entries, next } = await call.accessLog.list({
      ...filter,
      limit: pageSize,
      ...(before === undefined ? {} : { before }),
    })
    yield entries.map(viewAccess)
    before = next ?? undefined
  } while (before !== undefined)
}
