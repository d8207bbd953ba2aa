import type { HttpResponse, ResponseBody } from "../http.ts"

/**
 * The same response, calling `release` as soon as its body has been consumed, has failed, or is not wanted any more, and `moved` whenever a
 * chunk is taken.
 */
export function holdUntilConsumed(response: HttpResponse, release: () => void, moved: () => void): HttpResponse {
  return {
    status: response.status,
    headers: response.headers,
    url: response.url,
    body: new HeldBody(response.body, release, moved),
  }
}

class HeldBody implements ResponseBody {
  readonly #body: ResponseBody
  readonly #release: () => void
  readonly #moved: () => void

  constructor(body: ResponseBody, release: () => void, moved: () => void) {
    this.#body = body
    this.#release = release
    this.#moved = moved
  }

  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    const chunks = this.#body[Symbol.asyncIterator]()
    return {
      next: async () => {
        try {
          const result = await chunks.next()
          if (result.done) this.#release()
          else this.#moved()
          return result
        } catch (error) {
          this.#release()
          throw error
        }
      },
      return: async () => {
        try {
          await chunks.return?.()
        } finally {
          this.#release()
        }
        return { done: true, value: undefined }
      },
    }
  }

  async bytes(limit: number): Promise<Buffer> {
    try {
      return await this.#body.bytes(limit)
    } finally {
      this.#release()
    }
  }

  async discard(): Promise<void> {
    try {
      await this.#body.discard()
    } finally {
      this.#release()
    }
  }
}
