import { type Digest, TransferError } from "@entrepot/core"
import type { ClientIdentity } from "../access/gate.ts"
import type { UpstreamClient } from "./upstream-client.ts"

/**
 * How many bytes an upstream says that a blob has (HEAD; distribution-spec, "Checking if content exists in the registry"). Undefined: it does not have it.
 * @throws TransferError, `protocol` where it does not say.
 */
export async function blobSize(
  client: UpstreamClient,
  path: string,
  digest: Digest,
  options: { readonly identity: ClientIdentity | undefined; readonly signal: AbortSignal },
): Promise<number | undefined> {
  const { identity, signal } = options
  const { host } = client
  const http = client.http(identity)
  const repository = client.pathOf(path)
  const url = new URL(`/v2/${repository}/blobs/${digest}`, await http.baseUrl(host))
  const scopes = [`repository:${repository}:pull`]
  const response = await http.send({ method: "HEAD", url, origin: "configured", scopes, side: "source", signal })
  await response.body.discard()
  const { status } = response
  if (status === 404) return undefined
  if (status === 401 || status === 403) {
    const code = status === 401 ? "unauthorized" : "forbidden"
    throw new TransferError(code, `${host} answered ${status} to the blob ${repository}@${digest}`, {
      host,
      side: "source",
      status,
    })
  }
  const length = response.headers.get("content-length")
  if (status === 200 && length !== undefined && /^\d{1,15}$/.test(length)) return Number(length)
  throw new TransferError("protocol", `${host} does not say how large the blob ${repository}@${digest} is`, {
    host,
    side: "source",
    status,
  })
}
