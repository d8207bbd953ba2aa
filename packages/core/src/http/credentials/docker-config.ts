import { isTransferError } from "../../errors/transfer-error.ts"
import { authEntries, helperEntries, readAuthEntry, readAuthFile, storeHelper } from "./auth-file.ts"
import { CredentialHelper, type HelperOptions } from "./credential-helper.ts"
import type { CredentialSource, Credentials } from "./credentials.ts"
import { coversRepository, type RegistryKey, readRegistryKey, writtenKey } from "./registry-key.ts"

export interface DockerConfigOptions extends HelperOptions {
  /** `~/.docker/config.json`, or containers' `auth.json`. It need not exist, and is read again for every question. */
  readonly path: string
  /** Told when the helper for all hosts is not installed, which does not stop anonymous requests. */
  readonly onWarning?: (message: string) => void
}

/**
 * What Docker (config.json) or Podman and Skopeo (auth.json) know: the helper of a host first, then the helper for all, then the
 * entries of the file itself, where the one with the longest matching namespace wins.
 * @throws (from the source) TransferError `local_io` when the file is damaged or the helper of that host fails.
 */
export function dockerConfig(options: DockerConfigOptions): CredentialSource {
  const { path, onWarning, ...helperOptions } = options
  return async (host, repository) => {
    const file = await readAuthFile(path)
    if (!file) return undefined
    const wanted = readRegistryKey(host)
    const ownHelper = longestMatch(helperEntries(file), wanted, repository)
    if (ownHelper) {
      const found = await new CredentialHelper(ownHelper[1], helperOptions).get(helperKey(ownHelper[0]))
      if (found) return found
    }
    const common = storeHelper(file)
    const stored =
      common && !ownHelper && (await askCommon(new CredentialHelper(common, helperOptions), writtenKey(host), onWarning))
    if (stored) return stored
    const usable = authEntries(file).flatMap(([key, entry]) => {
      const known = readAuthEntry(entry)
      return known ? [[key, known] as const] : []
    })
    return longestMatch(usable, wanted, repository)?.[1]
  }
}

async function askCommon(
  helper: CredentialHelper,
  key: string,
  warn?: (message: string) => void,
): Promise<Credentials | undefined> {
  try {
    return await helper.get(key)
  } catch (error) {
    if (!isTransferError(error, "local_io")) throw error
    warn?.(error.message)
    return undefined
  }
}

function helperKey(key: string): string {
  const { host } = readRegistryKey(key)
  return writtenKey(host)
}

/** An exact key wins over an old form of it. */
function longestMatch<T>(
  entries: readonly (readonly [key: string, value: T])[],
  wanted: RegistryKey,
  repository: string | undefined,
): readonly [key: string, value: T] | undefined {
  const matching = entries
    .map((entry) => ({ entry, key: readRegistryKey(entry[0]) }))
    .filter(({ key }) => key.host === wanted.host && coversRepository(key.path, repository))
  matching.sort((a, b) => b.key.path.length - a.key.path.length || a.entry[0].length - b.entry[0].length)
  return matching[0]?.entry
}
