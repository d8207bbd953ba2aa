import { execFileSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { which } from "../../packages/testing/src/index.ts"

/** One image, or all tags of a repository, from registry to registry; `mirror` is one image by our `mirror` command. */
export interface CopyTask {
  readonly kind: "image" | "mirror" | "tags"
  readonly source: { readonly host: string; readonly repository: string; readonly tag: string }
  readonly target: { readonly host: string; readonly repository: string; readonly tag: string }
}

/** A program that copies. */
export interface Peer {
  readonly name: string
  readonly path: string
  readonly version: string
  /** Its arguments, undefined for a task that it has no command for. */
  arguments(task: CopyTask): readonly string[] | undefined
  /** Arguments of a command that does nothing, to measure how long it takes to start. */
  readonly idle: readonly string[]
}

type Command = Pick<Peer, "arguments" | "idle"> & { readonly version: readonly string[] }

const reference = (end: CopyTask["source"]) => `${end.host}/${end.repository}:${end.tag}`
const repository = (end: CopyTask["source"]) => `${end.host}/${end.repository}`
const parent = (end: CopyTask["source"]) => `${end.host}/${end.repository.split("/").slice(0, -1).join("/")}`

/** By the first word of a peer's name: `skopeo-1.22` is a skopeo. */
const commands: Readonly<Record<string, Command>> = {
  entrepot: {
    version: ["--version"],
    idle: ["--version"],
    arguments: ({ kind, source, target }) => {
      if (kind === "image") return ["copy", "--quiet", `docker://${reference(source)}`, `docker://${reference(target)}`]
      if (kind === "mirror") return ["mirror", "--quiet", "--as", reference(target), "--to", target.host, reference(source)]
      return ["mirror", "--quiet", "--all-tags", "--naming", "basename", "--to", parent(target), repository(source)]
    },
  },
  skopeo: {
    version: ["--version"],
    idle: ["--version"],
    arguments: ({ kind, source, target }) => {
      const plain = ["--all", "--src-tls-verify=false", "--dest-tls-verify=false"]
      return kind !== "tags"
        ? ["--insecure-policy", "copy", "--quiet", ...plain, `docker://${reference(source)}`, `docker://${reference(target)}`]
        : ["--insecure-policy", "sync", ...plain, "--src", "docker", "--dest", "docker", repository(source), parent(target)]
    },
  },
  crane: {
    version: ["version"],
    idle: ["version"],
    arguments: ({ kind, source, target }) =>
      kind !== "tags"
        ? ["copy", "--insecure", reference(source), reference(target)]
        : ["copy", "--insecure", "--all-tags", repository(source), repository(target)],
  },
  oras: {
    version: ["version"],
    idle: ["version"],
    arguments: ({ kind, source, target }) =>
      kind !== "tags"
        ? ["cp", "--no-tty", "--from-plain-http", "--to-plain-http", reference(source), reference(target)]
        : undefined,
  },
  regctl: {
    version: ["version"],
    idle: ["version"],
    arguments: ({ kind, source, target }) =>
      kind !== "tags" ? ["image", "copy", reference(source), reference(target)] : undefined,
  },
}

/** Ours, the peers on PATH, and those that were named. @throws Error for a name of no known program. */
export function findPeers(root: string, named: readonly Pick<Peer, "name" | "path">[], without: readonly string[]): Peer[] {
  const found = Object.keys(commands).flatMap((name) => {
    const path = name === "entrepot" ? join(root, "node_modules/.bin/entrepot") : which(name)
    return path ? [{ name, path }] : []
  })
  return [...found, ...named]
    .filter(({ name }) => !without.includes(name))
    .map(({ name, path }) => {
      const command = commands[name.split("-")[0] ?? ""]
      if (!command)
        throw new Error(`what kind of program is ${name}? Its name must begin with ${Object.keys(commands).join(", ")}`)
      return { name, path, version: versionOf(path, command.version), idle: command.idle, arguments: command.arguments }
    })
}

/** Environment in which no program finds credentials or settings of the user's. */
export function cleanEnvironment(home: string, hosts: readonly string[]): NodeJS.ProcessEnv {
  const regctl = join(home, "regctl.json")
  writeFileSync(regctl, JSON.stringify({ hosts: Object.fromEntries(hosts.map((host) => [host, { tls: "disabled" }])) }))
  return {
    PATH: process.env.PATH,
    HOME: home,
    TMPDIR: home,
    REGCTL_CONFIG: regctl,
    LANG: "C.UTF-8",
    DATA_DIR: join(home, "data"),
  }
}

function versionOf(path: string, args: readonly string[]): string {
  try {
    const text = execFileSync(path, args, { stdio: ["ignore", "pipe", "ignore"] }).toString()
    return /v?\d+\.\d+[^\s,]*/.exec(text)?.[0] ?? "unknown version"
  } catch {
    return "unknown version"
  }
}
