import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { freePort, nginx, which } from "../../../packages/testing/src/index.ts"
import type { RegistryPeer } from "./registry-options.ts"

/** A running pull-through cache with nothing in it yet. */
export interface Subject extends AsyncDisposable {
  readonly peer: RegistryPeer
  readonly origin: string
  /** Processes whose time and memory count. */
  readonly pids: readonly number[]
}

export interface SubjectOptions {
  /** `http://127.0.0.1:5000` */
  readonly upstream: string
  /** Where the bundled `serve.mjs` is. */
  readonly programs: URL
  /** Where a processor profile of our server goes. */
  readonly profile?: string | undefined
}

/** Starts one of them before an upstream. */
export async function startSubject(peer: RegistryPeer, options: SubjectOptions): Promise<Subject> {
  if (peer === "nginx") return startNginx(options)
  const directory = await mkdtemp(join(tmpdir(), `entrepot-bench-${peer}-`))
  const { child, origin } =
    peer === "entrepot" ? await startEntrepot(directory, options) : await startDistribution(directory, options)
  return {
    peer,
    origin,
    pids: [child.pid ?? 0],
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM")
      await once(child, "exit")
      await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function startEntrepot(directory: string, { upstream, programs, profile }: SubjectOptions) {
  const program = fileURLToPath(new URL("serve.mjs", programs))
  const flags = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`]
  const environment = {
    PORT: "0",
    DATA_DIR: join(directory, "data"),
    UPSTREAM_REGISTRY: upstream,
    LOG_LEVEL: "warn",
    TEST_GRACE_MS: "0",
  }
  const child = spawn(process.execPath, [...flags, program], {
    cwd: directory,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const ready = /"ready":"([^"]+)"/.exec(line)?.[1]
    if (ready !== undefined) {
      child.stdout.resume()
      return { child, origin: ready }
    }
  }
  throw new Error("our server ended before it was ready")
}

async function startDistribution(directory: string, { upstream }: SubjectOptions) {
  const port = await freePort()
  const configuration = [
    "version: 0.1",
    "log: { level: error, accesslog: { disabled: true } }",
    `storage: { filesystem: { rootdirectory: ${directory}/storage, maxthreads: 1000 }, cache: { blobdescriptor: inmemory } }`,
    `http: { addr: 127.0.0.1:${port} }`,
    `proxy: { remoteurl: ${upstream} }`,
  ]
  await writeFile(join(directory, "config.yml"), `${configuration.join("\n")}\n`)
  const child = spawn(which("docker-registry") ?? "docker-registry", ["serve", join(directory, "config.yml")], {
    stdio: "ignore",
  })
  const origin = `http://127.0.0.1:${port}`
  await answering(child, `${origin}/v2/`)
  return { child, origin }
}

/** As the usual recipe has it, with what keeps clients from asking the upstream at once. */
async function startNginx({ upstream }: SubjectOptions): Promise<Subject> {
  const server = await nginx(({ port, directory }) =>
    [
      `proxy_cache_path ${directory}/cache levels=1:2 keys_zone=registry:64m max_size=100g inactive=1d use_temp_path=off;`,
      "sendfile on; tcp_nopush on; keepalive_requests 1000000;",
      `upstream source { server ${new URL(upstream).host}; keepalive 64; }`,
      `server { listen 127.0.0.1:${port} backlog=1024; location / {`,
      'proxy_pass http://source; proxy_http_version 1.1; proxy_set_header Connection "";',
      "proxy_cache registry; proxy_cache_key $request_uri; proxy_cache_valid 200 1d;",
      "proxy_cache_lock on; proxy_cache_lock_timeout 1h; proxy_cache_lock_age 1h; proxy_max_temp_file_size 0;",
      "} }",
    ].join("\n"),
  )
  const worker = await workerOf(server.pid)
  return { peer: "nginx", origin: server.origin, pids: [worker], [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

async function workerOf(pid: number): Promise<number> {
  const { readFile } = await import("node:fs/promises")
  for (;;) {
    const [worker] = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).split(" ").filter(Boolean).map(Number)
    if (worker !== undefined) return worker
  }
}

async function answering(child: ChildProcess, url: string): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer !== undefined) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`${child.spawnfile} ended before it answered`)
}
