import type { RegistryConfiguration } from "../configuration/configuration.ts"

/** What of the configuration cannot hold together (RELIABILITY section 3); one sentence, undefined where all is well. */
export function findAccessProblem({
  skipAuthProxy,
  accounts,
  anonymous,
}: Pick<RegistryConfiguration, "skipAuthProxy" | "accounts" | "anonymous">): string | undefined {
  if (skipAuthProxy && accounts.length > 0) {
    return "SKIP_AUTH_PROXY sends clients past the accounts of ACCOUNTS: set one of the two"
  }
  if (skipAuthProxy && anonymous === "no") {
    return "SKIP_AUTH_PROXY sends clients past this server's logins, and REGISTRY_ANONYMOUS=no asks for them: set one of the two"
  }
  if (accounts.length > 0 && anonymous === "yes") {
    return "REGISTRY_ANONYMOUS=yes lets everybody pull without the accounts of ACCOUNTS: set one of the two"
  }
  return undefined
}
