import { type CheckAnswer, isTransferError, type Reference, type TargetCheck } from "@entrepot/core"
import type { Actor } from "../accounts/actor.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { EmbeddedRegistry } from "../registry/embedded/embedded-registry.ts"
import { type CheckedTarget, probeName } from "./check-target.ts"

/** This server's own registry, as far as a check asks it. */
export type OwnRegistry = Pick<EmbeddedRegistry, "isOwn" | "isPlain" | "checkPush">

/**
 * The answers of a target that is this very server. Jobs go there without a connection and without a login, for whoever has started them; so whether the
 * caller may push is all that there is to ask.
 */
export async function checkOwnRegistry(
  own: OwnRegistry,
  actor: Actor,
  { host, project }: Pick<CheckedTarget, "host" | "project">,
): Promise<TargetCheck> {
  const reference: Reference = { registry: host, repository: `${project}/${probeName}` }
  return {
    reachable: { answer: "yes" },
    tls: own.isPlain(host) ? { answer: "plain" } : { answer: "unknown" },
    credentials: { answer: "yes" },
    push: await pushAnswer(() => own.checkPush(actor, reference)),
  }
}

async function pushAnswer(ask: () => Promise<void>): Promise<CheckAnswer> {
  try {
    await ask()
    return { answer: "yes" }
  } catch (error) {
    if (error instanceof ServiceError && error.code === "forbidden") return { answer: "no", code: "forbidden" }
    if (!isTransferError(error)) throw error
    return { answer: "no", code: error.code, ...(error.hint === undefined ? {} : { hint: error.hint }) }
  }
}
