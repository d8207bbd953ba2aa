/** Tokens that everybody can read in some documentation: they let in to be changed, and cannot be chosen (RELIABILITY S15). */
const knownTokens: ReadonlySet<string> = new Set(["docker-transformer", "docker-proxy-2024", "admin123", "Harbor12345"])

/** Whether the whole world knows this token, however it is written. */
export function isKnownToken(token: string): boolean {
  const plain = token.trim().toLowerCase()
  for (const known of knownTokens) if (known.toLowerCase() === plain) return true
  return false
}
