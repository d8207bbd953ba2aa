import type { TransferError } from "@entrepot/core"
import { RegistryError } from "../registry-error.ts"

/**
 * An upstream let nobody in without a login: the repository is private there, or does not exist (Docker Hub says the same of both). It goes out as 404
 * NAME_UNKNOWN; where clients may log in at the upstream through us (open mode), 401 with a challenge is the better answer.
 */
export class TurnedAway extends RegistryError {
  constructor(name: string, cause: TransferError) {
    super("NAME_UNKNOWN", `${name} does not exist, or needs a login at ${cause.host ?? "its registry"}`, { cause })
  }
}
