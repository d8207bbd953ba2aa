import { describe, expect, it } from "vitest"
import { TransferError } from "../errors/transfer-error.ts"
import { referenceCases, refusedCases } from "./cases.ts"
import { formatCanonical, formatFamiliar } from "./format.ts"
import { parseReference } from "./reference.ts"

function refusal(text: string): TransferError {
  try {
    parseReference(text)
  } catch (error) {
    if (error instanceof TransferError) return error
    throw error
  }
  throw new Error(`"${text}" was accepted`)
}

describe("parseReference", () => {
  it.each(referenceCases)("reads $input", ({ input, canonical, familiar, ...parts }) => {
    const reference = parseReference(input)
    expect(reference).toEqual(parts)
    expect(formatCanonical(reference)).toBe(canonical)
    expect(formatFamiliar(reference)).toBe(familiar)
    expect(parseReference(canonical)).toEqual(reference)
    expect(parseReference(familiar)).toEqual(reference)
  })

  it.each(refusedCases)("refuses $input and says why", ({ input, message, hint }) => {
    const error = refusal(input)
    expect({ code: error.code, message: error.message, hint: error.hint }).toEqual({ code: "reference_invalid", message, hint })
  })
})
