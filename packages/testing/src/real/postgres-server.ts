import { execFile, execFileSync } from "node:child_process"
import { existsSync, readdirSync, realpathSync } from "node:fs"
import { chown, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { type Child, startChild, type Variables, waitUntilReady } from "./child-process.ts"
import { freePort } from "./free-port.ts"
import { needs } from "./needs.ts"
import { which } from "./which.ts"

/** A running PostgreSQL with a cluster of its own, which is removed at the end. */
export interface PostgresServer extends AsyncDisposable {
  readonly port: number
  /** Of the first process: the others end with it. */
  readonly pid: number
  /** `postgres://…` of a database, by default the one that is always there. */
  url(database?: string): string
  /** A new database, a copy of `template` where one is given (nobody may be connected to that). Returns its name. */
  createDatabase(template?: string): Promise<string>
  /** Runs SQL as the superuser, and returns what psql prints without heading and alignment. */
  query(sql: string, database?: string): Promise<string>
  /** `SIGINT` (the default) ends it and its connections in order, `SIGKILL` as a crash would. The cluster stays. */
  stop(signal?: "SIGINT" | "SIGKILL"): Promise<void>
  /** Starts it again on the same port. */
  start(): Promise<void>
  log(): string
}

/** For `describe.skipIf(needsPostgres())`: Debian keeps the programs off PATH. */
export function needsPostgres(): boolean {
  return programs() === undefined && needs("postgres")
}

/** Makes a cluster and starts it on a free port of 127.0.0.1; as root, under an unprivileged user. */
export async function postgresServer(): Promise<PostgresServer> {
  const bin = programs()
  if (!bin) throw new Error("postgres is neither on PATH nor in /usr/lib/postgresql")
  const directory = await mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "entrepot-postgres-"))
  const server = new Cluster(bin, directory, await freePort(), unprivileged())
  try {
    await server.initialize()
    await server.start()
    return server
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
}

const superuser = "entrepot"

class Cluster implements PostgresServer {
  readonly port: number
  readonly #bin: string
  readonly #directory: string
  readonly #identity: { readonly uid?: number; readonly gid?: number }
  #child: Child | undefined
  #databases = 0

  constructor(bin: string, directory: string, port: number, identity: { readonly uid?: number; readonly gid?: number }) {
    this.#bin = bin
    this.#directory = directory
    this.port = port
    this.#identity = identity
  }

  get pid(): number {
    return this.#child?.pid ?? -1
  }

  url(database = "postgres"): string {
    return `postgres://${superuser}@127.0.0.1:${this.port}/${database}`
  }

  log(): string {
    return this.#child?.output() ?? ""
  }

  async initialize(): Promise<void> {
    const { uid, gid } = this.#identity
    if (uid !== undefined && gid !== undefined) await chown(this.#directory, uid, gid)
    const options = ["--auth=trust", `--username=${superuser}`, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    await this.#run("initdb", [`--pgdata=${this.#data}`, ...options])
  }

  async start(): Promise<void> {
    const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${this.#directory}`, "max_connections=60"]
    const args = ["-D", this.#data, "-p", String(this.port), ...settings.flatMap((setting) => ["-c", setting])]
    const child = startChild(join(this.#bin, "postgres"), args, { PATH: process.env.PATH, LC_ALL: "C.UTF-8" }, this.#identity)
    this.#child = child
    const ready = () =>
      this.query("select 1").then(
        () => true,
        () => false,
      )
    await waitUntilReady(child, ready, 30_000, "postgres")
  }

  async stop(signal: "SIGINT" | "SIGKILL" = "SIGINT"): Promise<void> {
    await this.#child?.stop(signal, 15_000)
  }

  async createDatabase(template?: string): Promise<string> {
    this.#databases++
    const name = `test_${this.#databases}`
    const options = ["-h", "127.0.0.1", "-p", String(this.port), "-U", superuser]
    await this.#run("createdb", [...options, ...(template ? ["-T", template] : []), name])
    return name
  }

  async query(sql: string, database = "postgres"): Promise<string> {
    const connection = ["-h", "127.0.0.1", "-p", String(this.port), "-U", superuser, "-d", database]
    return await this.#run("psql", [...connection, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 })
  }

  get #data(): string {
    return join(this.#directory, "data")
  }

  async #run(program: string, args: readonly string[]): Promise<string> {
    const env: Variables = { PATH: process.env.PATH, LC_ALL: "C.UTF-8" }
    const { stdout } = await promisify(execFile)(join(this.#bin, program), args, {
      cwd: this.#directory,
      env: env as NodeJS.ProcessEnv,
      ...this.#identity,
    })
    return stdout.trimEnd()
  }
}

/** Directory of PostgreSQL's programs: where `postgres` is on PATH, or the newest of Debian's. */
function programs(): string | undefined {
  const onPath = which("postgres")
  if (onPath) return dirname(realpathSync(onPath))
  const base = "/usr/lib/postgresql"
  const versions = existsSync(base) ? readdirSync(base).sort((one, other) => Number(other) - Number(one)) : []
  return versions.map((version) => join(base, version, "bin")).find((bin) => existsSync(join(bin, "postgres")))
}

/** It refuses to run as root. */
function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {}
  for (const user of ["postgres", "nobody"]) {
    try {
      const number = (what: string) =>
        Number(execFileSync("id", [what, user], { stdio: ["ignore", "pipe", "ignore"] }).toString())
      return { uid: number("-u"), gid: number("-g") }
    } catch {}
  }
  throw new Error("there is no unprivileged user to run postgres as")
}
