import type { AuditStore } from "@entrepot/db/stores"
import type { Log } from "../runtime/runtime.ts"
import type { Actor } from "./actor.ts"

/** Who did it: an actor, or somebody whose name is all that is known. */
export type Doer = Pick<Actor, "name" | "address"> & { readonly userId: number | null }

const longestName = 200

/** Writes who did what into the audit log and beside it into the server's log. Secrets are not handed to it. */
export class AuditTrail {
  readonly #store: AuditStore
  readonly #log: Log
  readonly #now: () => number

  constructor(store: AuditStore, log: Log, now: () => number) {
    this.#store = store
    this.#log = log
    this.#now = now
  }

  async ok(doer: Doer, action: string, subject: string): Promise<void> {
    await this.#append(doer, action, subject, "ok")
  }

  async refused(doer: Doer, action: string, subject: string): Promise<void> {
    await this.#append(doer, action, subject, "refused")
  }

  async #append(doer: Doer, action: string, subject: string, outcome: "ok" | "refused"): Promise<void> {
    const entry = {
      at: this.#now(),
      actorId: doer.userId,
      actorName: legible(doer.name),
      action,
      subject: legible(subject),
      outcome,
      address: legible(doer.address),
    }
    await this.#store.append(entry)
    const { at: _, ...fields } = entry
    if (outcome === "ok") this.#log.info(fields, action)
    else this.#log.warn(fields, `${action} refused`)
  }
}

/** A name from outside as it may stand in a log: bounded, and without characters that end a line, move the cursor or turn the direction. */
export function legible(text: string): string {
  const shown = text.slice(0, longestName).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "�")
  return text.length > longestName ? `${shown}…` : shown
}
