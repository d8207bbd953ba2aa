import { namingCases, pastedCases, referenceCases, refusedCases, refusedPastes } from "./cases.ts"

const begin = "<!-- cases: begin -->"
const end = "<!-- cases: end -->"

/** docs/references.md with its tables made anew from the table of cases; the words around them stay. */
export function renderCases(document: string): string {
  const from = document.indexOf(begin)
  const to = document.indexOf(end)
  if (from === -1 || to < from) throw new Error(`the document lacks "${begin}" or "${end}"`)
  return `${document.slice(0, from)}${begin}\n\n${tables().join("\n\n")}\n\n${document.slice(to)}`
}

function tables(): string[] {
  return [
    "## Names",
    table(
      ["written", "canonical", "familiar"],
      referenceCases.map((c) => [c.input, c.canonical, c.familiar]),
    ),
    "## Pasted texts",
    table(
      ["pasted", "means"],
      pastedCases.map(([input, familiar]) => [input.trim(), familiar]),
    ),
    "## What is refused, and in which words",
    table(
      ["written", "error", "hint"],
      [...refusedCases, ...refusedPastes].map((c) => [c.input, c.message, c.hint]),
    ),
    "## Names at the target",
    table(
      ["rule", "source", "`--to`", "target"],
      namingCases.map((c) => [c.rule, c.source, c.to, c.target]),
    ),
  ]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`
  return [line(head), line(head.map(() => "---")), ...rows.map((row) => line(row.map(code)))].join("\n")
}

/** Code in a table cell; digests shortened to stay readable. */
function code(text: string): string {
  const short = text
    .replaceAll("0123456789abcdef".repeat(2), "…")
    .replace(/…+/g, "…")
    .replace(/(?:0123456789ABCDEF)+/g, "0123…ABCDEF")
  if (short === "") return "(nothing)"
  return short.includes("`") ? `\`\` ${short} \`\`` : `\`${short}\``
}
