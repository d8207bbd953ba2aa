import type { HttpResponse, Send } from "@entrepot/core"

/** Tells how many bytes come with the answers that are given on, chunk by chunk. What is not wanted of them is not told. */
export function meteredSend(send: Send, came: (bytes: number) => void): Send {
  return async (request) => {
    const response = await send(request)
    return { ...response, body: meteredBody(response.body, came) }
  }
}

function meteredBody(body: HttpResponse["body"], came: (bytes: number) => void): HttpResponse["body"] {
  return {
    [Symbol.asyncIterator]() {
      const chunks = body[Symbol.asyncIterator]()
      return {
        next: async () => {
          const result = await chunks.next()
          if (!result.done) came(result.value.length)
          return result
        },
        return: async () => {
          await chunks.return?.()
          return { done: true, value: undefined }
        },
      }
    },
    bytes: async (limit) => {
      const bytes = await body.bytes(limit)
      came(bytes.length)
      return bytes
    },
    discard: () => body.discard(),
  }
}
