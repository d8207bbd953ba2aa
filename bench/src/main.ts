import { writeFileSync } from "node:fs"
import { which } from "../../packages/testing/src/index.ts"
import { openEnds } from "./ends.ts"
import { helpText, parseOptions } from "./options.ts"
import { findPeers } from "./peer.ts"
import type { Result } from "./result.ts"
import { runWorkload } from "./run-workload.ts"
import { machine, markdownTable, textTable } from "./table.ts"
import { workloads } from "./workload.ts"

/** The bench's command line. `root` is the repository. */
export async function main(args: readonly string[], root: string): Promise<void> {
  if (args[0] === "app") {
    const { runApp } = await import("./app/run-app.ts")
    return await runApp(args.slice(1), root, new URL(".", import.meta.url))
  }
  if (args[0] === "registry") {
    const { runRegistry } = await import("./registry/run-registry.ts")
    return await runRegistry(args.slice(1), new URL(".", import.meta.url))
  }
  const options = parseOptions(args)
  if (options.help) return void process.stdout.write(helpText)
  if (options.list) return void process.stdout.write(workloads.map(({ name, title }) => `${name.padEnd(16)}${title}\n`).join(""))
  const chosen = options.only.length === 0 ? workloads : workloads.filter(({ name }) => options.only.includes(name))
  const unknown = options.only.filter((name) => !workloads.some((workload) => workload.name === name))
  if (unknown.length > 0) return fail(`no workload is named ${unknown.join(", ")}; see --list`)
  if (!options.registry && !which("docker-registry"))
    return fail("docker-registry is not on PATH; install it or give --registry PATH")

  const peers = findPeers(root, options.peers, options.without)
  const say = (text: string) => void process.stderr.write(`${text}\n`)
  say(`${machine()}; ${peers.map((peer) => `${peer.name} ${peer.version}`).join(", ")}`)
  await using ends = await openEnds(options.registry)
  const results: Result[] = []
  for (const workload of chosen) {
    results.push(...(await runWorkload(workload, peers, ends, { runs: options.runs, giveUpSeconds: options.giveUpSeconds, say })))
    if (options.json) writeFileSync(options.json, JSON.stringify({ machine: machine(), results }, null, 2))
    if (options.markdown) writeFileSync(options.markdown, markdownTable(results))
  }
  process.stdout.write(`${textTable(results)}\n`)
}

function fail(message: string): void {
  process.stderr.write(`bench: ${message}\n`)
  process.exitCode = 2
}
