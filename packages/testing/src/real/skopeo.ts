import { runProgram } from "./run-program.ts"
import { which } from "./which.ts"

/** Runs skopeo (no policy file needed, no credentials of the user's taken) and gives its stdout. @throws Error with its stderr. */
export async function skopeo(...args: readonly string[]): Promise<Buffer> {
  const path = which("skopeo")
  if (!path) throw new Error("skopeo is not on PATH")
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", TMPDIR: process.env.TMPDIR }
  return await runProgram(path, ["--insecure-policy", ...args], { env })
}
