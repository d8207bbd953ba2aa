import { type CredentialSource, type Credentials, credentials } from "./credentials.ts"

/** Credentials that are simply known, by `host[:port]`. */
export function staticCredentials(known: Readonly<Record<string, Parameters<typeof credentials>[0]>>): CredentialSource {
  const byHost = new Map<string, Credentials>(Object.entries(known).map(([host, plain]) => [host, credentials(plain)]))
  return async (host) => byHost.get(host)
}
