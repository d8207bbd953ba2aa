import { z } from "zod"
import type { MirrorRequest } from "../jobs/job-service.ts"
import type { ScheduledRequest } from "./schedule-service.ts"

/** What of a request a schedule remembers; anything else, a login above all, is left behind (RELIABILITY S19). */
const remembered = z.object({
  image: z.string(),
  targetImage: z.string().optional(),
  naming: z.string().optional(),
  platforms: z.array(z.string()).optional(),
  referrers: z.boolean().optional(),
  nonDistributable: z.boolean().optional(),
  forceUpload: z.boolean().optional(),
  engine: z.enum(["direct", "docker"]).optional(),
  priority: z.int().optional(),
  sourcePlainHttp: z.boolean().optional(),
})

/** The request as it is kept, and as it is read back. @throws ZodError for what was never kept by us. */
export function readScheduledRequest(request: unknown): ScheduledRequest {
  return remembered.parse(request)
}

/** What is asked of the job service when a tick has come. */
export function mirrorRequestOf(request: ScheduledRequest, targetId: number | null): MirrorRequest {
  return { ...request, ...(targetId === null ? {} : { target: { targetId } }) }
}
