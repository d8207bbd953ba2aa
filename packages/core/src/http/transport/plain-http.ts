import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import type { BodyQueue } from "./body-queue.ts"

/** Go's net/http and nginx, the two that stand before registries. */
const complaints = ["client sent an http request to an https server", "the plain http request was sent to https port"]

const complaintLimit = 1024

/** Why a plain request failed: the server speaks TLS. */
class SpokeTls extends Error {
  override readonly name = "SpokeTls"
}

/** A plain HTTP request was sent to a server that speaks TLS. */
export function spokeTls(error: unknown): boolean {
  return isTransferError(error, "tls") && error.cause instanceof SpokeTls
}

/**
 * Looks whether a response is a TLS server's complaint about a plain request; the body stays unread.
 * @throws TransferError `tls`, for which `spokeTls` is true.
 */
export async function refuseComplaint(url: URL, status: number, body: BodyQueue): Promise<void> {
  if (status !== 400 || url.protocol !== "http:") return
  const text = (await body.peek(complaintLimit)).toString("latin1").toLowerCase()
  if (!complaints.some((complaint) => text.includes(complaint))) return
  await body.discard()
  const { host } = url
  throw new TransferError("tls", `${host} speaks HTTPS, but was asked in plain HTTP`, { host, status, cause: new SpokeTls() })
}
