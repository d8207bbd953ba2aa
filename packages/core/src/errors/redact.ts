const hidden = "***"

/** Fields whose value is a secret, in JSON, in forms and in printed objects. */
const secretKeys =
  "password|passwd|pwd|token|access_?token|refresh_?token|id_?token|identity_?token|registry_?token|auth|secret|client_?secret|secret_?key|api_?key|signature|x-amz-[a-z-]{1,40}|x-goog-[a-z-]{1,40}|_state"
/** Headers whose whole value is a secret. */
const secretHeaders = "authorization|proxy-authorization|x-registry-auth|x-registry-config|x-amz-security-token|set-cookie|cookie"

/** What may follow "Bearer" or "Basic" in plain sentences and in challenges. */
const schemeWords = "auth|authentication|authorization|challenge|credentials|realm|scheme|tokens?"

type Replacement = string | ((match: string, ...groups: string[]) => string)

/**
 * Applied in this order. Every pattern begins with fixed text and ends in one character class, so that each character is looked at a
 * bounded number of times whatever the input.
 */
const shapes: readonly (readonly [RegExp, Replacement])[] = [
  [/(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[^-]*/g, `$1${hidden}`],
  [new RegExp(`\\b((?:${secretHeaders})["']?[ \\t]{0,8}[:=][ \\t]{0,8}["']?)[^\\r\\n"']+`, "gi"), `$1${hidden}`],
  [new RegExp(`(\\\\"(?:${secretKeys})\\\\"[ \\t]{0,8}:[ \\t]{0,8}\\\\")[^"]*(?=")`, "gi"), `$1${hidden}\\`],
  [new RegExp(`("(?:${secretKeys})"\\s{0,8}:\\s{0,8}")(?:[^"\\\\]|\\\\[^])*`, "gi"), `$1${hidden}`],
  [new RegExp(`(?<![\\w-])((?:${secretKeys})["']?:[ \\t]{0,8}')(?:[^'\\\\]|\\\\[^])*`, "gi"), `$1${hidden}`],
  [/:\/\/[^\s"'<>]*/g, (match) => hideInUrl(match)],
  [new RegExp(`(?<![\\w-])((?:${secretKeys})=)[^\\s&"';,]+`, "gi"), `$1${hidden}`],
  [/(--password[= ])[^\s"']+/g, `$1${hidden}`],
  [new RegExp(`\\b((?:basic|bearer)[ \\t]{1,8})(?!(?:${schemeWords})(?![\\w+/.~-]))[\\w+/=.~-]+`, "gi"), `$1${hidden}`],
  [/(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g, hidden],
  [/(?<![\w.+-])[\w.+-]{1,128}:[^\s:@/"'<>]{1,128}@(?![A-Za-z][\w.+-]{0,30}:[0-9a-fA-F]{32})(?=[\w[])/g, `${hidden}@`],
]

/**
 * Takes out of a text everything that has the shape of a secret (RELIABILITY S19): Authorization values, user:password@, query strings of
 * URLs, bearer tokens, credential fields of JSON, forms and printed objects, private keys. Linear in the input.
 */
export function redact(text: string): string {
  let result = text
  for (const [pattern, replacement] of shapes) {
    result = typeof replacement === "string" ? result.replace(pattern, replacement) : result.replace(pattern, replacement)
  }
  return result
}

/** A URL as it may be shown: without user, password, fragment, and with `?…` for a query. */
export function redactUrl(url: URL | string): string {
  const text = String(url)
  const hash = text.indexOf("#")
  return redact(hash === -1 ? text : text.slice(0, hash))
}

/** `text` begins at `://`. */
function hideInUrl(text: string): string {
  const query = text.indexOf("?")
  const base = query === -1 ? text : text.slice(0, query)
  const slash = base.indexOf("/", 3)
  const authority = slash === -1 ? base : base.slice(0, slash)
  const at = authority.lastIndexOf("@")
  const shown = at === -1 ? base : `://${hidden}@${base.slice(at + 1)}`
  return query === -1 ? shown : `${shown}?…`
}
