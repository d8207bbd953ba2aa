import { type Platform, parsePlatform } from "@entrepot/core"

/** The platforms of `linux/amd64,linux/arm64`; undefined for `all`, and without a wish. @throws TransferError `usage`. */
export function parsePlatforms(text: string | undefined): readonly Platform[] | undefined {
  if (text === undefined || text.trim().toLowerCase() === "all") return undefined
  return text.split(",").map(parsePlatform)
}
