import type { UpstreamLogin } from "../proxy/upstream-login.ts"

/** Clients give up on a `/v2/` that takes long. */
const defaultPatienceMs = 2000

/**
 * The upstream's challenge without waiting for an upstream that is slow or away: what it said last holds while it is asked again, and where it has never
 * said anything, nobody waits longer than `patienceMs`.
 */
export class PromptChallenge {
  readonly #upstream: UpstreamLogin
  readonly #patienceMs: number
  #last: string | undefined
  #isDecided = false
  #asked: Promise<string | undefined> | undefined

  constructor(upstream: UpstreamLogin, patienceMs = defaultPatienceMs) {
    this.#upstream = upstream
    this.#patienceMs = patienceMs
  }

  get(): string | undefined | Promise<string | undefined> {
    const answer = this.#upstream.challenge()
    if (!(answer instanceof Promise)) return this.#take(answer)
    if (answer !== this.#asked) this.#follow(answer)
    return this.#isDecided ? this.#last : this.#soon(answer)
  }

  #take(challenge: string | undefined): string | undefined {
    this.#isDecided = true
    this.#last = challenge
    return challenge
  }

  #follow(answer: Promise<string | undefined>): void {
    this.#asked = answer
    answer.then(
      (challenge) => this.#take(challenge),
      () => this.#take(undefined),
    )
  }

  async #soon(answer: Promise<string | undefined>): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#patienceMs)
    })
    await Promise.race([answer.catch(() => undefined), late])
    clearTimeout(timer)
    this.#isDecided = true
    return this.#last
  }
}
