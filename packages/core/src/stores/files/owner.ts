import { createHash, randomBytes } from "node:crypto"
import { hostname } from "node:os"
import { systemCode } from "./local-io-error.ts"

/** A file name's tail that says which process made it: `<host>-<pid>-<random>`, letters, digits and hyphens only. */
export function newOwner(): string {
  return `${hostTag()}-${process.pid}-${randomBytes(6).toString("hex")}`
}

function hostTag(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 8)
}

/**
 * Whether the process that made a file may still be using it. `modifiedMs` is the file's modification time; a file untouched for
 * `staleMs` counts as abandoned whoever made it, which covers other hosts and reused process ids.
 */
export function isOwnerAlive(owner: string, modifiedMs: number, staleMs: number): boolean {
  if (Date.now() - modifiedMs > staleMs) return false
  const [host, pidText] = owner.split("-")
  const pid = Number(pidText)
  if (host !== hostTag() || !Number.isSafeInteger(pid) || pid <= 0) return true
  // A restarted container gives the same id to a new process: what is older than this process is not its own.
  if (pid === process.pid) return modifiedMs >= Date.now() - process.uptime() * 1000 - 2000
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) !== "ESRCH"
  }
}
