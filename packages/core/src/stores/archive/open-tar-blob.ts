import type { Descriptor } from "../../content/descriptor.ts"
import type { BlobRead, ReadRange } from "../../content/store.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import type { TarArchive } from "./tar-archive.ts"
import type { TarFile } from "./tar-index.ts"

/**
 * Opens a blob whose bytes are a file of a tar.
 * @throws TransferError `not_found` without a file, `digest_mismatch` when the file's size is not the blob's.
 */
export function openTarBlob(
  archive: TarArchive,
  file: TarFile | undefined,
  blob: Descriptor,
  range: ReadRange = {},
  signal?: AbortSignal,
): BlobRead {
  const host = archive.place
  if (file === undefined) throw new TransferError("not_found", `blob ${blob.digest} is not in ${host}`, { host })
  if (file.size !== blob.size) {
    const message = `blob ${blob.digest} has ${file.size} bytes in ${host}, its manifest says ${blob.size}`
    throw new TransferError("digest_mismatch", message, { host, hint: "make or download the archive again" })
  }
  const offset = Math.min(range.from ?? 0, file.size)
  return { offset, bytes: archive.read(file, offset, range.to, signal) }
}
