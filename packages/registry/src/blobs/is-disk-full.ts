import { systemCode } from "@entrepot/core"

/** Whether a failure means that there is no room: a full disk, or a quota that is used up. Looks through causes. */
export function isDiskFull(error: unknown): boolean {
  for (let depth = 0; error instanceof Error && depth < 8; depth++, error = error.cause) {
    const code = systemCode(error)
    if (code === "ENOSPC" || code === "EDQUOT") return true
  }
  return false
}
