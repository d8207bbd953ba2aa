import { z } from "zod"

/** Parts that several routes' schemas are made of; snake_case, as the seeds write it. */

export const idText = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, "a number")
  .transform(Number)
  .meta({ override: ({ jsonSchema }: Described) => asInteger(jsonSchema, { minimum: 1 }) })

/** How many entries a page has at the most: 1 to 200, as a query's text. */
export const limitText = z
  .string()
  .regex(/^\d{1,3}$/, "a number")
  .transform(Number)
  .pipe(z.number().min(1).max(200))
  .optional()
  .meta({ override: ({ jsonSchema }: Described) => asInteger(jsonSchema, { minimum: 1, maximum: 200 }) })

interface Described {
  readonly jsonSchema: Record<string, unknown>
}

/** How a number that comes as text is described: as the number that it is. */
function asInteger(schema: Record<string, unknown>, bounds: { readonly minimum: number; readonly maximum?: number }): void {
  delete schema.pattern
  Object.assign(schema, { type: "integer", ...bounds })
}

/** The seeds say of every answer whether it is one. */
export const success = z.literal(true)

/** `2024-01-15T14:30:25Z`: to the second, as in seed 0. */
export const timeSchema = z.string().meta({ format: "date-time", example: "2024-01-15T14:30:25Z" })

/** A time as `timeSchema` describes it. */
export function timeOf(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
}

/** An error of a job, as REST tells it. */
export const errorSchema = z
  .object({
    code: z.string(),
    detail: z.string(),
    side: z.string().optional(),
    host: z.string().optional(),
    hint: z.string().optional(),
    status: z.number().optional(),
    attempts: z.number().optional(),
    id: z.string().optional(),
    retry_after: z.number().optional(),
  })
  .meta({ id: "ErrorDetail" })

/** The body of every refusal. */
export const refusalSchema = z
  .object({ success: z.literal(false), message: z.string(), error: errorSchema })
  .meta({ id: "Refusal" })
