import type { Output } from "../context.ts"
import { jsonText } from "./json-text.ts"
import type { Renderer } from "./renderer.ts"

/** One event a line on standard output, with the time and the image it belongs to. Notes go to standard error. */
export function jsonRenderer(stdout: Output, stderr: Output, now: () => number): Renderer {
  return {
    event(job, event) {
      const { index, source, target } = job
      stdout.write(jsonText({ time: new Date(now()).toISOString(), index, image: source, to: target, ...event }))
    },
    note(text) {
      stderr.write(`${text}\n`)
    },
    notice(text) {
      stdout.write(jsonText({ time: new Date(now()).toISOString(), type: "notice", message: text }))
    },
    close() {},
  }
}
