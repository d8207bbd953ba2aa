import { z } from "zod"
import type { HistoryQuery } from "../../jobs/job-service.ts"
import { jobStateSchema } from "../schemas/job.ts"
import { idText } from "./fields.ts"
import { given } from "./given.ts"

/** `failed` or `failed,cancelled`. */
const statesText = z
  .string()
  .max(128)
  .transform((text) => text.split(","))
  .pipe(z.array(jobStateSchema).min(1))
  .meta({ description: "one or several, with commas" })

/** A time as a query's text: ISO 8601, or milliseconds since 1970. */
const timeText = z
  .string()
  .max(40)
  .transform((text) => (/^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text)))
  .pipe(z.number().int().min(0))
  .meta({ description: "ISO 8601, or milliseconds since 1970" })

/** What narrows a list of jobs, as a query's text. */
export const jobFilterShape = {
  search: z.string().max(256).optional(),
  status: statesText.optional(),
  host: z.string().max(256).optional(),
  since: timeText.optional(),
  until: timeText.optional(),
  kind: z.enum(["mirror", "batch"]).meta({ description: "single images, or batches" }).optional(),
  batch: idText.optional(),
}

const jobFilterSchema = z.object(jobFilterShape)

/** The same for the service. Empty fields of a form narrow nothing. */
export function jobFilterOf(query: z.output<typeof jobFilterSchema>): Omit<HistoryQuery, "limit"> {
  return given({
    search: query.search || undefined,
    host: query.host || undefined,
    states: query.status,
    since: query.since,
    until: query.until,
    kind: query.kind,
    parentId: query.batch,
  })
}
