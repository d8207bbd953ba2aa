import type { BatchRow } from "./batch-rows.ts"
import type { RowPlan } from "./use-row-plans.ts"

/** What is known of all rows together. Bytes are of images that are not there yet, blobs that they share counted for each. */
export function sumPlans(rows: readonly Pick<BatchRow, "source">[], plans: ReadonlyMap<string, RowPlan>) {
  let [asking, known, unchanged, bytes] = [0, 0, 0, 0]
  for (const { source } of rows) {
    const plan = plans.get(source ?? "")
    if (plan?.state === "asking") asking++
    if (plan?.state !== "known") continue
    known++
    if (plan.unchanged) unchanged++
    else bytes += plan.totalBytes
  }
  return { asking, known, unchanged, bytes }
}
