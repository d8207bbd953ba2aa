import type { Job, JobState } from "@entrepot/client"
import type { LoginSide } from "./retry-form.tsx"

const aboutLogin: readonly string[] = ["unauthorized", "forbidden"]

/** The ends whose login a person is asked for before the job is tried again; none where it has nothing to do with logins. */
export function loginSidesOf(
  {
    sourceHost,
    targetHost,
    waitReason,
    credentialSides,
  }: Pick<Job, "sourceHost" | "targetHost" | "waitReason" | "credentialSides">,
  state: JobState,
  failure: Job["failure"],
): readonly LoginSide[] {
  const hosts = { source: sourceHost, target: targetHost }
  const sideOf = (side: LoginSide["side"]): LoginSide => ({ side, host: hosts[side] })
  if (state === "waiting") return waitReason === "credentials" ? credentialSides.map(sideOf) : []
  if (state !== "failed" || !failure || !aboutLogin.includes(failure.code) || failure.side === "local") return []
  return [sideOf(failure.side ?? "target")]
}
