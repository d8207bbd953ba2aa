import { execFileSync } from "node:child_process"
import { which } from "./which.ts"

/** Runs the openssl command line tool. @throws Error with what it said. */
export function openssl(...args: readonly string[]): Buffer {
  return execFileSync(which("openssl") ?? "openssl", args, { stdio: ["ignore", "pipe", "pipe"] })
}
