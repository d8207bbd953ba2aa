import type { CredentialSource, Credentials } from "./credentials.ts"

/** How long an answer is believed: a new login must not need a new process. */
const believedMs = 60_000

/** Answers of a source, kept for a minute: a credential helper is a program that takes its time. */
export class RememberedCredentials {
  readonly #source: CredentialSource | undefined
  readonly #now: () => number
  readonly #answers = new Map<string, { readonly found: Promise<Credentials | undefined>; readonly at: number }>()

  /** `now` in milliseconds of a monotonic clock. */
  constructor(source: CredentialSource | undefined, now: () => number) {
    this.#source = source
    this.#now = now
  }

  /** @throws what the source throws. */
  get(host: string, repository: string | undefined): Promise<Credentials | undefined> {
    if (!this.#source) return Promise.resolve(undefined)
    const key = `${host}/${repository ?? ""}`
    const answer = this.#answers.get(key)
    if (answer && this.#now() - answer.at < believedMs) return answer.found
    const found = this.#source(host, repository)
    this.#answers.set(key, { found, at: this.#now() })
    found.catch(() => this.#answers.delete(key))
    return found
  }

  /** After a refusal: ask the source again next time. */
  forget(host: string): void {
    for (const key of this.#answers.keys()) if (key.startsWith(`${host}/`)) this.#answers.delete(key)
  }
}
