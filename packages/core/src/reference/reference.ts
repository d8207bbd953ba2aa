import { redact } from "../errors/redact.ts"
import { TransferError } from "../errors/transfer-error.ts"
import { findDigestProblem, findHostProblem, findPathProblem, findTagProblem, maxReferenceLength, scanReference } from "./scan.ts"
import { suggestReference } from "./suggest.ts"

/** Characters of a refused text that an error repeats. */
const maxQuoted = 120

/** A parsed image name, complete: registry and repository always, and a tag or a digest or both (then the digest decides). */
export interface Reference {
  /** `docker.io`, `gcr.io`, `localhost:5000`, `[::1]:5000`; in lowercase. */
  readonly registry: string
  /** Path in the registry: `library/nginx`. */
  readonly repository: string
  readonly tag?: string
  readonly digest?: string
}

/**
 * Reads an image name by the grammar of distribution/reference and completes it as Docker does: `nginx` is
 * `docker.io/library/nginx:latest`. Linear in the input, which is measured first.
 * @throws TransferError `reference_invalid`: what is wrong, and as hint what was probably meant.
 */
export function parseReference(text: string): Reference {
  const found = scanReference(text)
  if (!("problem" in found)) return found
  throw invalidReference(text, found.problem, suggestReference(text))
}

/**
 * Completes the pieces to a Reference after checking each one against the grammar.
 * @throws TransferError `reference_invalid`.
 */
export function checkReference(reference: Reference): Reference {
  const { registry, repository, tag, digest } = reference
  const problem =
    findHostProblem(registry) ??
    findPathProblem(repository) ??
    (tag === undefined ? undefined : findTagProblem(tag)) ??
    (digest === undefined ? undefined : findDigestProblem(digest))
  if (problem === undefined) return reference
  throw invalidReference(
    `${registry}/${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`,
    problem,
  )
}

/** The error for a text that is no image name. The text is quoted shortened, and without anything that looks like a secret. */
export function invalidReference(text: string, problem: string, suggestion?: string): TransferError {
  const safe = redact(text.slice(0, maxReferenceLength))
  const shown = safe.length > maxQuoted || text.length > maxReferenceLength ? `${safe.slice(0, maxQuoted)}…` : safe
  return new TransferError("reference_invalid", `"${shown}" is not an image name: ${problem}`, {
    hint:
      suggestion === undefined
        ? "image names look like nginx:1.27 or registry.example.com/team/app:v1"
        : `did you mean "${suggestion}"?`,
  })
}
