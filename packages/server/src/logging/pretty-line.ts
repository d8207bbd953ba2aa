const colours: Readonly<Record<string, number>> = { trace: 90, debug: 90, info: 32, warn: 33, error: 31, fatal: 31 }

/** A line of the JSON log as a person reads it: `10:15:02 WARN  message  name=value`, an error's stack below. */
export function prettyLine(line: string, colour: boolean): string {
  const { level, time, msg, ...fields }: Record<string, unknown> = JSON.parse(line)
  const name = String(level)
  const label = name.toUpperCase().padEnd(5)
  const stacks: string[] = []
  const shown = Object.entries(fields).map(([key, value]) => {
    const stack = stackOf(value)
    if (stack !== undefined) stacks.push(stack.replaceAll("\n", "\n  "))
    return `${key}=${stack === undefined ? shortText(value) : shortText(messageOf(value))}`
  })
  const paint = (text: string, code: number) => (colour ? `\u001B[${code}m${text}\u001B[39m` : text)
  const head = [paint(String(time).slice(11, 19), 90), paint(label, colours[name] ?? 39), printable(String(msg ?? ""))].join(" ")
  const tail = shown.length > 0 ? `  ${paint(printable(shown.join(" ")), 90)}` : ""
  return `${head}${tail}${stacks.map((stack) => `\n  ${printable(stack)}`).join("")}\n`
}

function stackOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("stack" in value)) return undefined
  return typeof value.stack === "string" ? value.stack : undefined
}

function messageOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "message" in value ? value.message : value
}

function shortText(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value)
  return /^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value)
}

/** What a registry or a browser sent could move the cursor or colour the screen. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]|[\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu, "?")
}
