import { TransferError, type TransferPlan } from "@entrepot/core"
import type { NewJob } from "@entrepot/db/stores"
import type { JobCredentials } from "../credential-vault.ts"
import { endsOf, type JobEndsOptions } from "./job-ends.ts"
import { copyRequestOf } from "./job-run.ts"
import type { Transfers } from "./transfers.ts"

/** What a job would move, asked of both ends now. @throws TransferError. */
export async function planMirror(
  job: NewJob,
  given: JobCredentials,
  options: Omit<JobEndsOptions, "vault"> & { readonly transfers: Transfers },
  signal: AbortSignal,
): Promise<TransferPlan> {
  const ends = await endsOf(job, given, options)
  if (typeof ends === "string")
    throw new TransferError("not_found", `the saved target was ${ends}`, { side: "target", host: job.targetHost })
  const lent = await options.transfers.open(ends)
  try {
    return await lent.engine.plan({ ...copyRequestOf(job), signal })
  } finally {
    await lent.close()
  }
}
