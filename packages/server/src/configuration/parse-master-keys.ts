/**
 * The keys of a master key file: 32 bytes a line, base64 or hex; empty lines and lines with `#` are skipped. The first key seals, all open.
 * Returns the sentence to show where the file is not like that; it quotes nothing of it.
 */
export function parseMasterKeys(text: string): { readonly keys: readonly Uint8Array[] } | { readonly problem: string } {
  const keys: Uint8Array[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const written = line.trim()
    if (written === "" || written.startsWith("#")) continue
    const key = decode(written)
    if (key?.length !== 32) return { problem: `line ${index + 1} is not a key: write 32 bytes as base64 or hex` }
    keys.push(key)
  }
  return keys.length > 0 ? { keys } : { problem: "it holds no key: write 32 bytes as base64 or hex" }
}

function decode(written: string): Uint8Array | undefined {
  if (/^[0-9a-fA-F]{64}$/.test(written)) return new Uint8Array(Buffer.from(written, "hex"))
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(written)) return new Uint8Array(Buffer.from(written, "base64"))
  return undefined
}
