import type { Descriptor } from "../../content/descriptor.ts"
import { isTransferError } from "../../errors/transfer-error.ts"
import type { RepositoryClient } from "./repository-client.ts"
import { UploadRequests, type UploadSession } from "./upload-session.ts"

/** What came of asking for a mount: done, or not and then perhaps an upload that the registry began instead. */
export type MountResult = "mounted" | UploadSession | undefined

/**
 * Asks the registry to link a blob from another of its repositories (distribution-spec, "Mounting a blob from another repository"). `from` is
 * always named (Quay refuses a mount without) and always of the same host (Docker Hub breaks on a foreign one, go-containerregistry#1741).
 * A refusal of any kind is no error: the blob is uploaded then.
 * @throws TransferError `cancelled`, `network`, `rate_limited`.
 */
export async function mountBlob(
  client: RepositoryClient,
  blob: Descriptor,
  from: string,
  signal?: AbortSignal,
): Promise<MountResult> {
  try {
    return (await new UploadRequests(client, blob).mount(from, signal)) ?? "mounted"
  } catch (error) {
    if (isTransferError(error) && error.status !== undefined && error.code !== "rate_limited") return undefined
    throw error
  }
}
