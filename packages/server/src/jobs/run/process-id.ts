import { randomBytes } from "node:crypto"
import { readFile, readlink } from "node:fs/promises"
import { hostname } from "node:os"

/** Whether a process still lives: only its own machine can say so at once. */
type Pulse = "dead" | "alive" | "unknown"

/**
 * An identifier of this process that tells other processes of the machine whether it still lives: host, boot, process namespace, process, its start
 * time, and a random part. Parts that the system does not tell are empty.
 */
export async function processId(): Promise<string> {
  const [boot, namespace] = await whereAmI()
  const startedAt = (await startTime(process.pid)) ?? ""
  return [encodeURIComponent(hostname()), boot, namespace, process.pid, startedAt, randomBytes(4).toString("hex")].join("/")
}

/**
 * Looks at the process behind an identifier of `processId`. Containers of one machine share its boot but not its process numbers: theirs are unknown
 * here, as are those of other machines.
 */
export async function pulseOf(id: string): Promise<Pulse> {
  const [, boot, namespace, pid = "", startedAt = ""] = id.split("/")
  const [ownBoot, ownNamespace] = await whereAmI()
  if (ownBoot === "" || ownNamespace === "" || boot !== ownBoot || namespace !== ownNamespace || startedAt === "")
    return "unknown"
  return (await startTime(Number(pid))) === startedAt ? "alive" : "dead"
}

async function whereAmI(): Promise<readonly [boot: string, namespace: string]> {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "")
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "")
  return [boot.trim(), namespace.replace(/\D/g, "")]
}

/** Clock ticks from boot to the start of a process (proc_pid_stat(5), field 22); undefined when there is none, or only its corpse. */
async function startTime(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")
  // The second field is the program's name, which may have blanks and brackets in it.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return state === undefined || state === "Z" || state === "X" ? undefined : rest[18]
}
