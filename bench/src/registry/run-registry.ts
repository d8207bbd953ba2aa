import { writeFileSync } from "node:fs"
import { which } from "../../../packages/testing/src/index.ts"
import { markdownLines, textLines } from "../app/app-table.ts"
import { machine } from "../table.ts"
import { benchPulls } from "./pulls-bench.ts"
import { parseRegistryOptions, registryHelpText } from "./registry-options.ts"
import { benchWarm } from "./warm-bench.ts"

/** `pnpm bench registry`. `programs` is where the bundled `serve.mjs` is. */
export async function runRegistry(args: readonly string[], programs: URL): Promise<void> {
  const options = parseRegistryOptions(args)
  if (options.help) return void process.stdout.write(registryHelpText)
  const missing = ["docker-registry", "nginx", "wrk", "curl"].filter((tool) => which(tool) === undefined)
  if (missing.length > 0) {
    process.stderr.write(`bench: ${missing.join(", ")} not on PATH\n`)
    process.exitCode = 2
    return
  }
  const say = (text: string) => void process.stderr.write(`${text}\n`)
  say(machine())
  const tables = [...(await benchWarm({ ...options, programs, say })), ...(await benchPulls({ ...options, programs, say }))]
  if (options.markdown) writeFileSync(options.markdown, `${[machine(), ...tables.map(markdownLines)].join("\n\n")}\n`)
  process.stdout.write(`${tables.map(textLines).join("\n\n")}\n`)
}
