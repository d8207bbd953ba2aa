import { parseArgs } from "node:util"
import type { Peer } from "./peer.ts"

export interface BenchOptions {
  readonly only: readonly string[]
  readonly runs: number
  readonly peers: readonly Pick<Peer, "name" | "path">[]
  readonly without: readonly string[]
  readonly registry: string | undefined
  readonly giveUpSeconds: number
  readonly json: string | undefined
  readonly markdown: string | undefined
  readonly list: boolean
  readonly help: boolean
}

export const helpText = `Usage: pnpm bench copy [options]      (pnpm bench app --help: the application)

Measures copies between two real docker-registry processes, ours beside every peer that is found on PATH (skopeo, crane, oras, regctl),
in turns (A B A B), and prints medians: wall time, CPU time and peak memory of the program, requests and bytes at each end.

  --only LIST          workloads, by comma (see --list)
  --runs N             measured runs of each (default 5); slow links and broken connections take fewer
  --peer NAME=PATH     another program, or another version of one: --peer skopeo-1.22=/opt/skopeo/bin/skopeo (may be repeated)
  --without LIST       leave these out, by comma: --without oras
  --registry PATH      docker-registry to run (default: the one on PATH)
  --give-up SECONDS    kill what takes longer (default 240)
  --json FILE          write every run there
  --markdown FILE      write the table there
  --list               name the workloads
  --help

Newer peers than the system's: download the packages of a newer release of your distribution into a directory of their own and unpack
them there without installing (apt-get download with its own sources list, then dpkg-deb -x), or take the projects' release binaries.
A registry built with Go older than 1.21 hashes about four times slower than one built with a newer Go; --registry takes such a one.
`

/** @throws TypeError for an option that does not exist. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== "copy" && arg !== "--"),
    options: {
      only: { type: "string", default: "" },
      runs: { type: "string", default: "5" },
      peer: { type: "string", multiple: true, default: [] },
      without: { type: "string", default: "" },
      registry: { type: "string" },
      "give-up": { type: "string", default: "240" },
      json: { type: "string" },
      markdown: { type: "string" },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  })
  const list = (text: string) => text.split(",").filter(Boolean)
  return {
    only: list(values.only),
    runs: Math.max(1, Number(values.runs)),
    peers: values.peer.map((each) => {
      const equals = each.indexOf("=")
      if (equals < 1) throw new TypeError(`--peer takes NAME=PATH, not "${each}"`)
      return { name: each.slice(0, equals), path: each.slice(equals + 1) }
    }),
    without: list(values.without),
    registry: values.registry,
    giveUpSeconds: Number(values["give-up"]),
    json: values.json,
    markdown: values.markdown,
    list: values.list,
    help: values.help,
  }
}
