/** Field names whose value never goes into the log, whatever it looks like. Compared without case, dashes and underscores. */
const secretName =
  /^(?:.*(?:password|passwd|secret|apikey|masterkey|privatekey|credential|cookie)s?|pwd|auth|authorization|proxyauthorization|(?:.*(?:access|refresh|identity|session|bearer|default|csrf))?tokens?|sessionid|bearer|ticket|setupcode|sealed|ca|key)$/

const hidden = "***"
const deepest = 6
const longestList = 100
const longestText = 8192

/**
 * A copy of what is to be logged, as plain data: values under secret names are hidden, every text goes through `clean`, errors become their
 * name, message, code, stack and cause, bytes their length. Deep, long and circular things are cut.
 */
export function redactFields(value: unknown, clean: (text: string) => string): unknown {
  return copy(value, clean, [])
}

function copy(value: unknown, clean: (text: string) => string, above: readonly object[]): unknown {
  if (typeof value === "string") return clean(value.slice(0, longestText))
  if (typeof value === "bigint") return String(value)
  if (typeof value === "function" || typeof value === "symbol") return undefined
  if (typeof value !== "object" || value === null) return value
  if (above.includes(value)) return "[circular]"
  if (above.length >= deepest) return "[deep]"
  const path = [...above, value]
  const inner = (part: unknown) => copy(part, clean, path)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[no date]" : value.toISOString()
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof URL) return clean(value.href)
  if (value instanceof Map || value instanceof Set) return inner([...value])
  if (Array.isArray(value)) return value.slice(0, longestList).map(inner)
  const parts = value instanceof Error ? errorParts(value) : value
  const result: Record<string, unknown> = {}
  for (const [name, part] of Object.entries(parts).slice(0, longestList)) {
    result[name] = isSecretName(name) && part !== undefined && part !== null && typeof part !== "boolean" ? hidden : inner(part)
  }
  return result
}

function isSecretName(name: string): boolean {
  return secretName.test(name.slice(0, 100).replace(/[-_]/g, "").toLowerCase())
}

function errorParts(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error
  return { ...Object.assign({ name, message }, error, { stack }), ...(cause === undefined ? {} : { cause }) }
}
