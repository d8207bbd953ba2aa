import { mkdtempSync } from "node:fs"
import { mkdir, rm, writeFile } from "node:fs/promises"
import { connect } from "node:net"
import { join } from "node:path"
import { type Child, startChild, waitUntilReady } from "./child-process.ts"
import { runProgram } from "./run-program.ts"
import { which } from "./which.ts"

/** A running containerd of its own, without CRI and without network. */
export interface Containerd extends AsyncDisposable {
  /** `hosts.toml` of a registry (`docker.io`): what containerd's resolver reads when it is asked for an image of it. */
  setHosts(registry: string, hostsToml: string): Promise<void>
  /** Pulls as a Kubernetes node does, by the hosts files. `login` is `user:password`. @throws Error with its stderr. */
  pull(image: string, options?: { readonly login?: string; readonly plainHttp?: boolean }): Promise<void>
  /** Runs `ctr` against it. @throws Error with its stderr. */
  ctr(...args: readonly string[]): Promise<Buffer>
  log(): string
}

/** Starts containerd as root and waits until it answers. */
export async function containerd(): Promise<Containerd> {
  const path = which("containerd")
  if (!path) throw new Error("containerd is not on PATH")
  const directory = mkdtempSync("/tmp/containerd-")
  const socketPath = join(directory, "ctd.sock")
  const config = [
    "version = 2",
    `root = "${join(directory, "root")}"`,
    `state = "${join(directory, "state")}"`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]',
    "[grpc]",
    `address = "${socketPath}"`,
  ]
  await writeFile(join(directory, "config.toml"), `${config.join("\n")}\n`)
  const child = startChild(path, ["-c", join(directory, "config.toml")])
  const close = async () => {
    await child.stop()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    await waitUntilReady(child, () => answers(socketPath), 60_000, "containerd")
  } catch (error) {
    await close()
    throw error
  }
  return containerdAt(directory, socketPath, child, close)
}

function containerdAt(directory: string, socketPath: string, child: Child, close: () => Promise<void>): Containerd {
  const hosts = join(directory, "hosts")
  const ctr = (...args: readonly string[]) => runProgram(which("ctr") ?? "ctr", ["--address", socketPath, ...args])
  return {
    ctr,
    async setHosts(registry, hostsToml) {
      await mkdir(join(hosts, registry), { recursive: true })
      await writeFile(join(hosts, registry, "hosts.toml"), hostsToml)
    },
    async pull(image, { login, plainHttp = false } = {}) {
      const options = [...(login === undefined ? [] : ["--user", login]), ...(plainHttp ? ["--plain-http"] : [])]
      // Overlay cannot lie on another overlay, as inside a container.
      await ctr("images", "pull", "--hosts-dir", hosts, "--snapshotter", "native", ...options, image)
    },
    log: () => child.output(),
    [Symbol.asyncDispose]: close,
  }
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once("error", () => resolve(false))
  })
}
