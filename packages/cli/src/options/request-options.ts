import type { CopyRequest } from "@entrepot/core"
import { parsePlatforms } from "./parse-platforms.ts"
import type { TransferOptions } from "./transfer-options.ts"

/** The part of a copy request that these options decide. @throws TransferError `usage` for a platform that is none. */
export function requestOptions(options: TransferOptions): Omit<CopyRequest, "source" | "target"> {
  const { referrers, maxConcurrent, forceUpload } = options
  const platforms = parsePlatforms(options.platform)
  return {
    ...(platforms === undefined ? {} : { platforms }),
    ...(referrers === undefined ? {} : { referrers }),
    ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
    ...(forceUpload === undefined ? {} : { forceUpload }),
  }
}
