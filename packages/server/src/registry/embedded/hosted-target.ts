import { type BlobBody, type ByteStream, type Descriptor, type PutOptions, type TargetStore, TransferError } from "@entrepot/core"
import { type HostedRepository, RegistryError } from "@entrepot/registry"

const never = new AbortController().signal

/**
 * A repository of our own registry as the target of a copy: what comes goes straight into the warehouse. `host` is what the registry is called in
 * references. @throws TransferError from its methods, as targets do.
 */
export function hostedTarget(repository: HostedRepository, host: string): TargetStore {
  return {
    transport: "docker",
    host,
    display: `${host}/${repository.name}`,
    hasBlob: (blob, signal = never) => translated(async () => (await repository.blob(blob.digest, signal)) !== undefined),
    putBlob: (blob, body, options) => translated(() => upload(repository, blob, body, options)),
    resolve: (reference, signal = never) => translated(async () => (await repository.describe(reference, signal))?.descriptor),
    putManifest: (reference, { descriptor, bytes }) =>
      translated(async () => {
        await repository.putManifest(reference, descriptor.mediaType, bytes)
      }),
    close: async () => undefined,
  }
}

/** What arrived of an upload that breaks off is given up: whoever copies again begins with the source. */
async function upload(
  repository: HostedRepository,
  { digest }: Descriptor,
  body: BlobBody,
  { signal = never, onProgress = () => undefined }: PutOptions = {},
): Promise<void> {
  const { id } = await repository.beginUpload({ algorithm: digest.startsWith("sha512:") ? "sha512" : "sha256" })
  try {
    await repository.finishUpload(id, digest, undefined, counted(body.read(0), onProgress), signal)
  } catch (error) {
    await repository.cancelUpload(id).catch(() => undefined)
    throw error
  }
}

async function* counted(bytes: ByteStream, onProgress: (offset: number) => void): ByteStream {
  let offset = 0
  for await (const chunk of bytes) {
    yield chunk
    offset += chunk.length
    onProgress(offset)
  }
}

async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error
    throw new TransferError(codeOf(error), error.message, {
      status: error.status,
      registryCode: error.code,
      cause: error,
    })
  }
}

function codeOf({ code, status }: RegistryError): TransferError["code"] {
  if (code === "DIGEST_INVALID") return "digest_mismatch"
  if (status === 404) return "not_found"
  if (status === 413) return "too_large"
  return status < 500 ? "rejected" : "local_io"
}
