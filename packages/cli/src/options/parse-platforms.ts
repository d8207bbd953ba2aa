import { isTransferError, type Platform, parsePlatform } from "@entrepot/core"
import { InvalidArgumentError } from "commander"

/**
 * The platforms of `linux/amd64,linux/arm64`, given once or several times; undefined for `all`.
 * @throws InvalidArgumentError
 */
export function parsePlatforms(text: string, before: readonly Platform[] | undefined): readonly Platform[] | undefined {
  if (text.trim().toLowerCase() === "all") return undefined
  try {
    return [...(before ?? []), ...text.split(",").map(parsePlatform)]
  } catch (error) {
    throw isTransferError(error) ? new InvalidArgumentError(`${error.message}; ${error.hint}.`) : error
  }
}
