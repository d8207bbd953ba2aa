import { request as nodeRequest } from "node:http"
import { TransferError } from "../../errors/transfer-error.ts"
import type { HttpResponse, Send } from "../http.ts"

/**
 * For tests: a transport that takes every request, whatever its URL says, to one loopback server. The URL stands in the header `x-url`.
 * So a test owns every host name and scheme without a resolver and without certificates.
 */
export function loopbackSend(server: { readonly url: string }): Send {
  return (request) =>
    new Promise<HttpResponse>((resolve, reject) => {
      const { url, method, headers, signal, body } = request
      const options = { method, headers: { ...headers, "x-url": url.href }, ...(signal && { signal }) }
      const sent = nodeRequest(new URL(url.pathname + url.search, server.url), options, (message) => {
        const all = (name: string) => message.headersDistinct[name] ?? []
        resolve({
          status: message.statusCode ?? 0,
          headers: { get: (name) => all(name)[0], all },
          url,
          body: {
            [Symbol.asyncIterator]: () => message[Symbol.asyncIterator](),
            async bytes(limit) {
              const chunks: Buffer[] = []
              let size = 0
              for await (const chunk of message) {
                size += chunk.length
                if (size > limit) throw new TransferError("too_large", `${url.host} answered with more than ${limit} bytes`)
                chunks.push(chunk)
              }
              return Buffer.concat(chunks)
            },
            async discard() {
              message.resume()
            },
          },
        })
      })
      sent.on("error", (cause) =>
        reject(new TransferError("network", `connection to ${url.host} failed`, { host: url.host, cause })),
      )
      const write = async () => {
        for await (const chunk of body?.open() ?? []) sent.write(chunk)
        sent.end()
      }
      write().catch((error: unknown) => {
        sent.destroy()
        reject(error)
      })
    })
}
