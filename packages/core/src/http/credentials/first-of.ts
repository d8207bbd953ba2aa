import type { CredentialSource } from "./credentials.ts"

/** Asks one source after the other; the first that knows something wins. @throws what a source throws. */
export function firstOf(...sources: readonly CredentialSource[]): CredentialSource {
  return async (host, repository) => {
    for (const source of sources) {
      const found = await source(host, repository)
      if (found) return found
    }
    return undefined
  }
}
