import { createHmac } from "node:crypto"
import type { BlobContent } from "../images/blob-content.ts"
import type { Exchange } from "./exchange.ts"
import type { RegistryState } from "./registry-state.ts"
import { errorReply, type Reply } from "./reply.ts"
import { contentReply } from "./serve-blobs.ts"

/** The other origin that blobs are redirected to: URLs are signed and hold for a while, and credentials are refused as object stores do. */
export class BlobRedirect {
  readonly status: number
  readonly origin: string
  readonly #signedForMs: number
  readonly #contents = new Map<string, BlobContent>()

  constructor(origin: string, signedForMs: number, status: number) {
    this.origin = origin
    this.#signedForMs = signedForMs
    this.status = status
  }

  sign(digest: string, content: BlobContent): string {
    this.#contents.set(digest, content)
    const expires = String(Date.now() + this.#signedForMs)
    return `${this.origin}/blobs/${digest}?expires=${expires}&signature=${signature(digest, expires)}`
  }

  serve(exchange: Exchange, state: RegistryState): Reply {
    const digest = exchange.route.reference ?? ""
    const expires = exchange.url.searchParams.get("expires") ?? ""
    if (exchange.incoming.headers.authorization !== undefined)
      return errorReply(400, "InvalidArgument", "Only one auth mechanism allowed")
    if (exchange.url.searchParams.get("signature") !== signature(digest, expires)) return errorReply(403, "SignatureDoesNotMatch")
    if (Number(expires) < Date.now()) return errorReply(403, "AccessDenied", "Request has expired")
    const content = this.#contents.get(digest)
    return content ? contentReply(exchange, state, content) : errorReply(404, "NoSuchKey")
  }
}

function signature(digest: string, expires: string): string {
  return createHmac("sha256", "only for tests").update(`${digest} ${expires}`).digest("hex")
}
