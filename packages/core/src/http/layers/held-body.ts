import type { HttpResponse, ResponseBody } from "../http.ts"

/** The same response, calling `release` once as soon as its body has been consumed, has failed, or is not wanted any more. */
export function holdUntilConsumed(response: HttpResponse, release: () => void): HttpResponse {
  return { status: response.status, headers: response.headers, url: response.url, body: new HeldBody(response.body, release) }
}

class HeldBody implements ResponseBody {
  readonly #body: ResponseBody
  readonly #release: () => void

  constructor(body: ResponseBody, release: () => void) {
    this.#body = body
    this.#release = release
  }

  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    const chunks = this.#body[Symbol.asyncIterator]()
    return {
      next: async () => {
        try {
          const result = await chunks.next()
          if (result.done) this.#release()
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
