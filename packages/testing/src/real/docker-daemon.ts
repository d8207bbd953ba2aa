import { mkdtempSync } from "node:fs"
import { readFile, rm, writeFile } from "node:fs/promises"
import { request } from "node:http"
import { join } from "node:path"
import { type Child, startChild, waitUntilReady } from "./child-process.ts"
import { runProgram } from "./run-program.ts"
import { which } from "./which.ts"

export interface DockerDaemonOptions {
  /** Hosts that are spoken to without TLS or without looking at the certificate; all of 127.0.0.0/8 are anyway. */
  readonly insecureRegistries?: readonly string[]
  readonly registryMirrors?: readonly string[]
  /** The text of its daemon.json; an empty one unless told. */
  readonly configuration?: string
  /** Where its directories go; short, since a socket's path has at most 107 characters. `/tmp` unless told. */
  readonly tmp?: string
  /** Where images go, if not below `tmp`: a small file system, say. */
  readonly dataRoot?: string
}

/** A running dockerd of its own, with no network and nothing shared with the system's. */
export interface DockerDaemon extends AsyncDisposable {
  readonly socketPath: string
  /** `unix:///…`, as in DOCKER_HOST. */
  readonly host: string
  readonly dataRoot: string
  /** Ends it (SIGKILL ends it as a crash would) with its images kept; `start` brings it back on the same socket. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>
  start(): Promise<void>
  /** Runs the docker command line tool against it, with an empty configuration of its own. @throws Error with its stderr. */
  docker(args: readonly string[], input?: Buffer): Promise<Buffer>
  /** Builds and tags an image from files, `FROM scratch`. */
  build(tag: string, files: Buffer): Promise<void>
  log(): string
}

/** Starts dockerd as root and waits until it answers. */
export async function dockerDaemon(options: DockerDaemonOptions = {}): Promise<DockerDaemon> {
  const path = which("dockerd")
  if (!path) throw new Error("dockerd is not on PATH")
  const daemon = new Dockerd(path, mkdtempSync(join(options.tmp ?? "/tmp", "dockerd-")), options)
  try {
    await daemon.start()
  } catch (error) {
    await daemon[Symbol.asyncDispose]()
    throw error
  }
  return daemon
}

/** Overlay cannot lie on another overlay, as inside a container; then layers are copied. */
const storageDrivers = ["overlay2", "vfs"] as const

class Dockerd implements DockerDaemon {
  readonly socketPath: string
  readonly dataRoot: string
  readonly #path: string
  readonly #directory: string
  readonly #options: DockerDaemonOptions
  #driver = 0
  #child: Child | undefined

  constructor(path: string, directory: string, options: DockerDaemonOptions) {
    this.#path = path
    this.#directory = directory
    this.#options = options
    this.socketPath = join(directory, "docker.sock")
    this.dataRoot = options.dataRoot ?? join(directory, "data")
  }

  get host(): string {
    return `unix://${this.socketPath}`
  }

  log(): string {
    return this.#child?.output() ?? ""
  }

  async start(): Promise<void> {
    await writeFile(join(this.#directory, "daemon.json"), this.#options.configuration ?? "{}")
    for (;;) {
      const child = startChild(this.#path, this.#arguments(), { ...process.env, DOCKER_TMPDIR: join(this.#directory, "tmp") })
      this.#child = child
      try {
        await waitUntilReady(child, () => answers(this.socketPath), 60_000, "dockerd")
        return
      } catch (error) {
        await child.stop()
        const unsupported = /error initializing graphdriver|driver not supported|failed to mount overlay/.test(child.output())
        if (!unsupported || this.#driver === storageDrivers.length - 1) throw error
        this.#driver++
      }
    }
  }

  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    await this.#child?.stop(signal, 15_000)
    await this.#stopContainerd()
    await rm(join(this.#directory, "docker.pid"), { force: true })
  }

  async docker(args: readonly string[], input?: Buffer): Promise<Buffer> {
    const env = {
      PATH: process.env.PATH,
      DOCKER_HOST: this.host,
      DOCKER_CONFIG: join(this.#directory, "config"),
      DOCKER_BUILDKIT: "0",
    }
    return await runProgram(which("docker") ?? "docker", args, { env, ...(input ? { input } : {}) })
  }

  async build(tag: string, files: Buffer): Promise<void> {
    await this.docker(["build", "--network", "none", "-t", tag, "-"], files)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await this.#unmount()
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 })
  }

  #arguments(): string[] {
    const below = (name: string) => join(this.#directory, name)
    return [
      ...["--data-root", this.dataRoot, "--exec-root", below("exec"), "--pidfile", below("docker.pid")],
      ...["--config-file", below("daemon.json"), "--host", this.host, "--storage-driver", storageDrivers[this.#driver] ?? "vfs"],
      ...["--bridge", "none", "--iptables=false", "--ip6tables=false", "--log-level", "warn"],
      ...(this.#options.insecureRegistries ?? []).flatMap((host) => ["--insecure-registry", host]),
      ...(this.#options.registryMirrors ?? []).flatMap((url) => ["--registry-mirror", url]),
    ]
  }

  /** A dockerd that was killed leaves its containerd's pid file behind, and the next one would wait for that process. */
  async #stopContainerd(): Promise<void> {
    const pidFile = join(this.#directory, "exec", "containerd", "containerd.pid")
    const pid = Number((await readFile(pidFile, "utf8").catch(() => "")).trim())
    if (!pid) return
    const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")
    if (commandLine.includes(this.#directory)) process.kill(pid, "SIGKILL")
    await rm(pidFile, { force: true })
  }

  /** It mounts its data root over itself, and forgets it there when it is killed. */
  async #unmount(): Promise<void> {
    const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n").map((line) => line.split(" ")[1] ?? "")
    const ours = mounts.filter((path) => path === this.dataRoot || path.startsWith(`${this.#directory}/`))
    for (const path of ours.reverse()) await runProgram(which("umount") ?? "umount", ["-l", path])
  }
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    request({ socketPath, path: "/_ping", agent: false }, (incoming) => {
      incoming.resume()
      resolve(incoming.statusCode === 200)
    })
      .on("error", () => resolve(false))
      .end()
  })
}
