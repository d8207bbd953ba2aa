import { isDigest } from "../../content/digest.ts"
import { TransferError } from "../../errors/transfer-error.ts"

const isNameByte = (c: number) =>
  (c >= 97 && c <= 122) || (c >= 48 && c <= 57) || c === 46 || c === 95 || c === 45 || c === 58 || c === 91 || c === 93

/**
 * Refuses what could not be a repository of the cache (`library/nginx`, `gcr.io/google-containers/pause`, `localhost:5000/app`): its parts
 * become directory names, so that none may be empty, hidden, or step upwards (RELIABILITY S8).
 * @throws TransferError `usage`.
 */
export function checkCacheRepository(repository: string): string {
  const isSafe = (part: string) =>
    part.length > 0 && part.length <= 255 && !part.startsWith(".") && [...part].every((c) => isNameByte(c.charCodeAt(0)))
  if (repository.length <= 512 && repository.split("/").every(isSafe)) return repository
  throw new TransferError("usage", `"${repository.slice(0, 120)}" cannot be the name of a repository in the cache`, {
    hint: "write it like library/nginx or gcr.io/google-containers/pause",
  })
}

/** Refuses what is neither a tag nor a digest that can be verified. @throws TransferError `usage`. */
export function checkCacheReference(reference: string): string {
  if (isDigest(reference) || (reference.length <= 128 && /^\w[\w.-]*$/.test(reference))) return reference
  throw new TransferError("usage", `"${reference.slice(0, 120)}" is neither a tag nor a sha256 or sha512 digest`, {
    hint: "a tag has letters, digits, dots, hyphens and underscores, at most 128 of them",
  })
}
