import { type Digest, type HttpResponse, TransferError } from "@entrepot/core"
import type { ClientIdentity } from "./client-identity.ts"
import type { UpstreamClient } from "./upstream-client.ts"

interface Asked {
  readonly identity: ClientIdentity | undefined
  readonly signal: AbortSignal | undefined
}

/**
 * How many bytes an upstream says that a blob has (distribution-spec, "Checking if content exists in the registry"). Undefined: it does not have it. A
 * proxy that answers 404 to HEAD until it has fetched the blob itself is asked for the first byte (harbor#22609).
 * @throws TransferError, `protocol` where it does not say.
 */
export async function blobSize(client: UpstreamClient, path: string, digest: Digest, asked: Asked): Promise<number | undefined> {
  const head = await send(client, path, digest, "HEAD", asked)
  if (head.status !== 404 && head.status !== 405) return sizeOf(head, client.host, digest)
  const first = await send(client, path, digest, "GET", asked)
  return first.status === 404 ? undefined : sizeOf(first, client.host, digest)
}

async function send(
  client: UpstreamClient,
  path: string,
  digest: Digest,
  method: "HEAD" | "GET",
  { identity, signal }: Asked,
): Promise<HttpResponse> {
  const http = client.http(identity)
  const repository = client.pathOf(path)
  const response = await http.send({
    method,
    url: new URL(`/v2/${repository}/blobs/${digest}`, await http.baseUrl(client.host)),
    origin: "configured",
    scopes: [`repository:${repository}:pull`],
    side: "source",
    signal,
    ...(method === "GET" ? { headers: { range: "bytes=0-0" } } : {}),
  })
  await response.body.discard()
  return response
}

function sizeOf({ status, headers }: HttpResponse, host: string, digest: Digest): number {
  const details = { host, side: "source", status } as const
  if (status === 401 || status === 403) {
    throw new TransferError(
      status === 401 ? "unauthorized" : "forbidden",
      `${host} answered ${status} to the blob ${digest}`,
      details,
    )
  }
  const said =
    status === 206 ? /^bytes 0-0\/(\d{1,15})$/.exec(headers.get("content-range") ?? "")?.[1] : headers.get("content-length")
  if ((status === 200 || status === 206) && said !== undefined && /^\d{1,15}$/.test(said)) return Number(said)
  throw new TransferError("protocol", `${host} does not say how large the blob ${digest} is`, details)
}
