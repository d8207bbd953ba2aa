import { isTransferError, type TransferError } from "@entrepot/core/errors"
import { formatFamiliar, nameTarget, parseNamingRule, parsePasted, parseTargetBase } from "@entrepot/core/reference"

/** An image, and the name that a rule gives it; or why it gives none. */
export interface NamingExample {
  readonly source: string
  readonly target: string | undefined
}

/** What a naming rule makes of a few names. */
export interface NamingPreview {
  readonly examples: readonly NamingExample[]
  /** Why the rule cannot be used. */
  readonly problem: TransferError | undefined
}

const samples = ["nginx:1.27", "gcr.io/google-containers/pause:3.2"]
const exampleAddress = "harbor.example.com/proxy"

/** Shows a rule at work, at the address as far as that can be read already. */
export function previewNaming(naming: string, address: string): NamingPreview {
  const base = baseOf(address) ?? parseTargetBase(exampleAddress)
  try {
    const rule = parseNamingRule(naming)
    const examples = samples.map((source) => ({ source, target: formatFamiliar(nameTarget(parsePasted(source), base, rule)) }))
    return { examples, problem: undefined }
  } catch (error) {
    if (!isTransferError(error)) throw error
    return { examples: samples.map((source) => ({ source, target: undefined })), problem: error }
  }
}

/** Why an address is none; undefined for a good one. */
export function addressProblem(address: string): TransferError | undefined {
  try {
    parseTargetBase(address)
    return undefined
  } catch (error) {
    if (!isTransferError(error)) throw error
    return error
  }
}

function baseOf(address: string): ReturnType<typeof parseTargetBase> | undefined {
  return addressProblem(address) === undefined ? parseTargetBase(address) : undefined
}
