import { TransferError } from "../errors/transfer-error.ts"

/** A variable's name, and where its use ends. */
interface Use {
  readonly value: string
  readonly end: number
}

const deepest = 10
const name = /[A-Za-z_][A-Za-z0-9_]*/y

/**
 * A text of a compose file with its variables filled in (compose-spec, "Interpolation"). No variable is set here, so that each is its default;
 * `$$` is a dollar.
 * @throws TransferError `reference_invalid` for a variable without a default.
 */
export function interpolate(text: string, depth = 0): string {
  let result = ""
  let at = 0
  for (let dollar = text.indexOf("$"); dollar !== -1; dollar = text.indexOf("$", at)) {
    result += text.slice(at, dollar)
    const use = text.charAt(dollar + 1) === "$" ? { value: "$", end: dollar + 2 } : readUse(text, dollar, depth)
    result += use.value
    at = use.end
  }
  return result + text.slice(at)
}

function readUse(text: string, dollar: number, depth: number): Use {
  const isBraced = text.charAt(dollar + 1) === "{"
  name.lastIndex = dollar + (isBraced ? 2 : 1)
  const variable = name.exec(text)?.[0]
  if (variable === undefined) throw noVariable(text)
  if (!isBraced) throw unset(text, variable)
  const after = name.lastIndex
  const end = closingBrace(text, after)
  if (end === -1 || depth >= deepest) throw noVariable(text)
  const [, operator, operand = ""] = /^(:?[-?+])?(.*)$/s.exec(text.slice(after, end)) ?? []
  if (operator === undefined && operand !== "") throw noVariable(text)
  if (operator === "-" || operator === ":-") return { value: interpolate(operand, depth + 1), end: end + 1 }
  // What replaces a set variable: none is.
  if (operator === "+" || operator === ":+") return { value: "", end: end + 1 }
  throw unset(text, variable)
}

/** Defaults may have variables of their own. */
function closingBrace(text: string, from: number): number {
  let open = 1
  for (let i = from; i < text.length; i++) {
    const character = text.charAt(i)
    if (character === "{") open++
    if (character === "}" && --open === 0) return i
  }
  return -1
}

function unset(text: string, variable: string): TransferError {
  return new TransferError(
    "reference_invalid",
    `"${shown(text)}" is not an image name: the variable ${variable.slice(0, 60)} is not set here`,
    {
      hint: `write the value in its place, or give it a default: \${${variable.slice(0, 60)}:-value}`,
    },
  )
}

function noVariable(text: string): TransferError {
  return new TransferError("reference_invalid", `"${shown(text)}" is not an image name: its "$" begins no variable`, {
    hint: "image names look like nginx:1.27 or registry.example.com/team/app:v1",
  })
}

function shown(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
