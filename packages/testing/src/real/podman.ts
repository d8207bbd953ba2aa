import { mkdtempSync } from "node:fs"
import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { runProgram } from "./run-program.ts"
import { which } from "./which.ts"

/** podman, buildah and skopeo over a storage of their own; neither has a daemon. */
export interface Podman extends AsyncDisposable {
  /** Runs `podman`. @throws Error with its stderr. */
  podman(args: readonly string[], input?: Buffer): Promise<Buffer>
  /** Runs `buildah`. @throws Error with its stderr. */
  buildah(...args: readonly string[]): Promise<Buffer>
  /** Runs `skopeo` with the same configuration and logins. @throws Error with its stderr. */
  skopeo(...args: readonly string[]): Promise<Buffer>
  /** Replaces `registries.conf`. */
  setRegistries(toml: string): Promise<void>
  /** Puts a file into `registries.conf.d`, that of the user: none of the system is touched. */
  addRegistries(name: string, toml: string): Promise<void>
}

/** As root, since images are unpacked with their owners. */
export async function podman(): Promise<Podman> {
  const directory = mkdtempSync("/tmp/podman-")
  const below = (name: string) => join(directory, name)
  const storage = ["[storage]", 'driver = "vfs"', `runroot = "${below("run")}"`, `graphroot = "${below("root")}"`]
  await writeFile(below("storage.conf"), `${storage.join("\n")}\n`)
  await writeFile(below("registries.conf"), 'unqualified-search-registries = ["docker.io"]\n')
  await writeFile(below("policy.json"), '{"default":[{"type":"insecureAcceptAnything"}]}')
  await writeFile(below("containers.conf"), '[engine]\nevents_logger = "none"\ncgroup_manager = "cgroupfs"\n')
  await writeFile(below("auth.json"), "{}")
  const env = {
    PATH: process.env.PATH,
    HOME: directory,
    TMPDIR: process.env.TMPDIR,
    XDG_RUNTIME_DIR: below("run"),
    CONTAINERS_STORAGE_CONF: below("storage.conf"),
    CONTAINERS_REGISTRIES_CONF: below("registries.conf"),
    CONTAINERS_CONF: below("containers.conf"),
    REGISTRY_AUTH_FILE: below("auth.json"),
    BUILDAH_ISOLATION: "chroot",
  }
  const run = (program: string, args: readonly string[], input?: Buffer) =>
    runProgram(which(program) ?? program, args, { env, ...(input ? { input } : {}) })
  return {
    podman: (args, input) => run("podman", args, input),
    buildah: (...args) => run("buildah", args),
    skopeo: (...args) => run("skopeo", ["--policy", below("policy.json"), ...args]),
    async addRegistries(name, toml) {
      const folder = below(".config/containers/registries.conf.d")
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, name), toml)
    },
    setRegistries: (toml) => writeFile(below("registries.conf"), toml),
    async [Symbol.asyncDispose]() {
      await unmountBelow(directory)
      await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** vfs storage mounts its root over itself. */
async function unmountBelow(directory: string): Promise<void> {
  const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n").map((line) => line.split(" ")[1] ?? "")
  const ours = mounts.filter((path) => path.startsWith(`${directory}/`))
  for (const path of ours.reverse()) await runProgram(which("umount") ?? "umount", ["-l", path])
}
