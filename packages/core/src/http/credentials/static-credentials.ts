import { type CredentialSource, type Credentials, credentials } from "./credentials.ts"
import { readRegistryKey } from "./registry-key.ts"

/** Credentials that are simply known, by `host[:port]`; the names of Docker Hub are one. */
export function staticCredentials(known: Readonly<Record<string, Parameters<typeof credentials>[0]>>): CredentialSource {
  const byHost = new Map<string, Credentials>(
    Object.entries(known).map(([host, plain]) => [readRegistryKey(host).host, credentials(plain)]),
  )
  return async (host) => byHost.get(readRegistryKey(host).host)
}
