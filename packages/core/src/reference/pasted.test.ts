import { describe, expect, it } from "vitest"
import { TransferError } from "../errors/transfer-error.ts"
import { pastedCases, referenceCases, refusedPastes } from "./cases.ts"
import { formatFamiliar } from "./format.ts"
import { parsePasted } from "./pasted.ts"
import { parseReference } from "./reference.ts"

function refusal(text: string): TransferError {
  try {
    parsePasted(text)
  } catch (error) {
    if (error instanceof TransferError) return error
    throw error
  }
  throw new Error(`"${text}" was accepted`)
}

describe("parsePasted", () => {
  it.each(pastedCases)("reads %s", (input, familiar) => {
    expect(formatFamiliar(parsePasted(input))).toBe(familiar)
  })

  it.each(referenceCases)("reads the plain name $input as parseReference does", ({ input }) => {
    expect(parsePasted(input)).toEqual(parseReference(input))
  })

  it.each(refusedPastes)("refuses $input and says why", ({ input, message, hint }) => {
    const error = refusal(input)
    expect({ code: error.code, message: error.message, hint: error.hint }).toEqual({ code: "reference_invalid", message, hint })
  })

  it("repeats only the beginning of a long text", () => {
    expect(refusal("x".repeat(5000)).message).toBe(
      `"${"x".repeat(120)}…" is not an image name: it is longer than 4096 characters`,
    )
  })
})
