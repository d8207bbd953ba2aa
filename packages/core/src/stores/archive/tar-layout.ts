import { type Digest, splitDigest } from "../../content/digest.ts"
import type { LayoutFiles } from "../oci-layout/layout-reader.ts"
import type { TarArchive } from "./tar-archive.ts"
import type { TarFile } from "./tar-index.ts"

/** The file of a blob in a tar that holds an OCI layout. @throws TransferError `protocol` for a digest that cannot be verified. */
export function findTarBlob(archive: TarArchive, digest: Digest): TarFile | undefined {
  const { algorithm, hex } = splitDigest(digest)
  return archive.find(`blobs/${algorithm}/${hex}`)
}

/** The files of a layout inside a tar. */
export function tarLayoutFiles(archive: TarArchive): LayoutFiles {
  return {
    isFixed: true,
    readFile: (name, limitBytes) => archive.readSmall(name, limitBytes),
    readBlob: (digest, limitBytes) => {
      const { algorithm, hex } = splitDigest(digest)
      return archive.readSmall(`blobs/${algorithm}/${hex}`, limitBytes)
    },
    blobSize: async (digest) => findTarBlob(archive, digest)?.size,
  }
}
