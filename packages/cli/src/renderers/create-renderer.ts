import type { Context } from "../context.ts"
import type { OutputOptions } from "../options/output-options.ts"
import { lookOf } from "../report-error.ts"
import { jsonRenderer } from "./json.ts"
import { plainRenderer } from "./plain.ts"
import { quietRenderer } from "./quiet.ts"
import type { Renderer } from "./renderer.ts"
import { terminalRenderer } from "./terminal.ts"

/** The renderer that was asked for; without a wish, bars on a terminal and lines elsewhere. */
export function createRenderer(options: OutputOptions, context: Context): Renderer {
  const { stdout, stderr, now, environment } = context
  const look = lookOf(context)
  if (options.json) return jsonRenderer(stdout, stderr, now)
  if (options.quiet) return quietRenderer(stderr, look)
  return options.plain || !stderr.isTerminal || !environment.redraws
    ? plainRenderer(stderr, look, now)
    : terminalRenderer(stderr, look, now)
}
