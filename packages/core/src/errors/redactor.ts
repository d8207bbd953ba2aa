import { redact } from "./redact.ts"

/** Shorter secrets are left to their shape: hiding "ab" everywhere would hide the text. */
const shortestSecret = 4
/** Shorter base64 pieces would hit words by chance. */
const shortestFragment = 6

/**
 * A redactor that also knows these secrets by value: as they are, URL-encoded, inside JSON strings, and inside base64 at any offset
 * (`user:secret`), padded or not, in either alphabet.
 */
export function createRedactor(secrets: Iterable<string | undefined>): (text: string) => string {
  const forms = new Set<string>()
  for (const secret of secrets) {
    if (secret !== undefined && secret.length >= shortestSecret) for (const form of formsOf(secret)) forms.add(form)
  }
  const longestFirst = [...forms].sort((a, b) => b.length - a.length)
  return (text) => redact(longestFirst.reduce((rest, form) => rest.replaceAll(form, "***"), text))
}

function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(Buffer.from(secret).toString())
  const strict = encoded.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  const lowercaseEscapes = strict.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
  const form = new URLSearchParams({ x: secret }).toString().slice(2)
  const base64 = [0, 1, 2].map((offset) => base64Fragment(secret, offset)).filter((text) => text.length >= shortestFragment)
  const base64url = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))
  return [secret, encoded, strict, lowercaseEscapes, form, JSON.stringify(secret).slice(1, -1), ...base64, ...base64url]
}

/** The characters of the base64 of any text that has `secret` at an offset of 3n + `offset` bytes, whatever stands around it. */
function base64Fragment(secret: string, offset: number): string {
  const bytes = Buffer.from(secret)
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64")
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
}
