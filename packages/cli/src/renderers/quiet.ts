import { noProgress } from "@entrepot/core/progress"
import type { Output } from "../context.ts"
import type { Look } from "./look.ts"
import { outcomeLines } from "./outcome-lines.ts"
import type { Renderer } from "./renderer.ts"

/** Says nothing but what failed. */
export function quietRenderer(output: Output, look: Look): Renderer {
  return {
    event(job, event) {
      if (event.type !== "outcome" || event.outcome !== "failed") return
      for (const line of outcomeLines(job, noProgress, event, look)) output.write(`${line}\n`)
    },
    note() {},
    notice() {},
    close() {},
  }
}
