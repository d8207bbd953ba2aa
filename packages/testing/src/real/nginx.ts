import { mkdtempSync } from "node:fs"
import { mkdir, rm, writeFile } from "node:fs/promises"
import { connect } from "node:net"
import { join } from "node:path"
import { startChild, waitUntilReady } from "./child-process.ts"
import { freePort } from "./free-port.ts"
import { which } from "./which.ts"

/** A running nginx with one configuration. */
export interface Nginx extends AsyncDisposable {
  /** `127.0.0.1:8081` */
  readonly host: string
  /** `http://127.0.0.1:8081` */
  readonly origin: string
  readonly directory: string
  readonly pid: number
  log(): string
}

/**
 * Starts nginx on a free port of 127.0.0.1. `http` is what stands inside the `http` block, made for the port to listen on and a directory of its own
 * (caches, temporary files).
 */
export async function nginx(http: (place: { readonly port: number; readonly directory: string }) => string): Promise<Nginx> {
  const path = which("nginx")
  if (!path) throw new Error("nginx is not on PATH")
  const directory = mkdtempSync("/tmp/nginx-")
  const port = await freePort()
  const below = (name: string) => join(directory, name)
  await mkdir(below("tmp"))
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${below("tmp")}/${kind};`,
  )
  const configuration = [
    // The directory belongs to whoever runs this; nginx' own user could not read it.
    ...(process.getuid?.() === 0 ? ["user root;"] : []),
    `daemon off; worker_processes 1; pid ${below("nginx.pid")}; error_log stderr warn;`,
    "events { worker_connections 4096; }",
    `http { access_log off; ${temporary.join(" ")}`,
    http({ port, directory }),
    "}",
  ]
  await writeFile(below("nginx.conf"), configuration.join("\n"))
  const child = startChild(path, ["-p", directory, "-c", below("nginx.conf")])
  const close = async () => {
    await child.stop("SIGQUIT")
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    await waitUntilReady(child, () => answers(port), 20_000, "nginx")
  } catch (error) {
    await close()
    throw error
  }
  return {
    host: `127.0.0.1:${port}`,
    origin: `http://127.0.0.1:${port}`,
    directory,
    pid: child.pid,
    log: () => child.output(),
    [Symbol.asyncDispose]: close,
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy()
      resolve(true)
    })
    socket.once("error", () => resolve(false))
  })
}
