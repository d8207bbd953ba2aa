/** Every time zone that the browser knows, by name, and the ones given, each once; those given stand first. */
export function timeZones(...first: readonly string[]): readonly string[] {
  return [...new Set([...first, "UTC", ...Intl.supportedValuesOf("timeZone")])]
}

/** Where the reader is. */
export function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
