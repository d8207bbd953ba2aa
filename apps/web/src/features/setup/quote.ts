/**
 * A string of JSON, which TOML (basic strings) and YAML (double-quoted) read as the same text, and which nothing inside it can end. DEL is the one
 * character that JSON leaves bare and TOML forbids.
 */
export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f")
}

/** A list of strings, for JSON, TOML and YAML alike. */
export function quotedList(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(", ")}]`
}

/** One word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
