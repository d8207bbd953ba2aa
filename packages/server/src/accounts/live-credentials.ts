import type { Actor } from "./actor.ts"
import { RecentMap } from "./recent-map.ts"

/** A session, key or ticket that somebody came in with lately. */
interface LiveCredential {
  readonly userId: number
  readonly via: Actor["via"]
  /** Milliseconds since 1970; for tickets. */
  readonly expiresAt?: number | undefined
  /** Session or key that a ticket was issued to: it ends with that. */
  readonly parentId?: string | undefined
}

/** Remembers which credentials came in through this process, so that whoever follows a stream on one learns at once that it ended. */
export class LiveCredentials {
  readonly #live = new RecentMap<string, LiveCredential>(10_000)
  readonly #listeners = new Set<(credentialId: string) => void>()

  note(credentialId: string, credential: LiveCredential): void {
    this.#live.set(credentialId, credential)
  }

  get(credentialId: string): LiveCredential | undefined {
    return this.#live.get(credentialId)
  }

  end(credentialId: string): void {
    this.#endAll([credentialId])
  }

  endThose(match: (credential: LiveCredential) => boolean): void {
    const ended = [...this.#live.entries()].filter(([, credential]) => match(credential)).map(([id]) => id)
    this.#endAll(ended)
  }

  #endAll(ids: readonly string[]): void {
    const parents = new Set(ids)
    const issued = [...this.#live.entries()].filter(([, { parentId }]) => parentId !== undefined && parents.has(parentId))
    for (const id of new Set([...ids, ...issued.map(([ticket]) => ticket)])) {
      this.#live.delete(id)
      for (const listener of this.#listeners) listener(id)
    }
  }

  onEnded(listener: (credentialId: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
