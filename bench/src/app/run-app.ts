import { writeFileSync } from "node:fs"
import { machine } from "../table.ts"
import { benchAdministration } from "./administration-bench.ts"
import { appHelpText, parseAppOptions } from "./app-options.ts"
import { markdownLines, textLines } from "./app-table.ts"
import { benchFollowers } from "./followers-bench.ts"
import { benchHistory } from "./history-bench.ts"

/** `pnpm bench app`. `root` is the repository, `programs` where the bundled `follow.mjs` and `serve.mjs` are. */
export async function runApp(args: readonly string[], root: string, programs: URL): Promise<void> {
  const options = parseAppOptions(args)
  if (options.help) return void process.stdout.write(appHelpText)
  const say = (text: string) => void process.stderr.write(`${text}\n`)
  say(machine())
  const tables: string[][][] = []
  if (options.only.includes("history")) {
    tables.push(await benchHistory({ root, count: options.jobs, rounds: options.rounds, postgres: options.postgres, say }))
  }
  if (options.only.includes("followers")) tables.push(await benchFollowers({ ...options, programs, say }))
  if (options.only.includes("administration")) tables.push(await benchAdministration({ ...options, rows: options.jobs, say }))
  if (options.markdown) writeFileSync(options.markdown, `${[machine(), ...tables.map(markdownLines)].join("\n\n")}\n`)
  process.stdout.write(`${tables.map(textLines).join("\n\n")}\n`)
}
