import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { which } from "./which.ts"

const run = promisify(execFile)

/** Runs skopeo (no policy file needed, no credentials of the user's taken) and gives its stdout. @throws Error with its stderr. */
export async function skopeo(...args: readonly string[]): Promise<Buffer> {
  const path = which("skopeo")
  if (!path) throw new Error("skopeo is not on PATH")
  const { stdout } = await run(path, ["--insecure-policy", ...args], {
    encoding: "buffer",
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env.PATH, HOME: "/nonexistent", TMPDIR: process.env.TMPDIR },
  })
  return stdout
}
