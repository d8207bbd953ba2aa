import { TransferError } from "../../errors/transfer-error.ts"
import { formatFamiliar, type Reference } from "../../reference/index.ts"
import type { SpoolOptions } from "../archive/spool-bytes.ts"
import { openTarStream } from "../archive/tar-archive.ts"
import { type DockerArchiveSource, readDockerArchive } from "../docker-archive/docker-archive-source.ts"
import { type DockerSocketOptions, dockerError, openDocker } from "./docker-client.ts"

/**
 * An image of a Docker daemon: saved to a temporary file, and read from there. Read it as `@0`.
 * @throws TransferError `docker_unavailable`, `not_found`, `too_large` for the temporary directory, `cancelled`.
 */
export async function openDockerDaemon(
  reference: Reference,
  docker: DockerSocketOptions = {},
  options: SpoolOptions = {},
): Promise<DockerArchiveSource> {
  const name = formatFamiliar(reference)
  const display = `docker-daemon:${name}`
  const client = await openDocker(docker)
  const saved = await client
    .getImage(name)
    .get()
    .catch((error: unknown) => Promise.reject(dockerError(error, docker, name)))
  return readDockerArchive(await openTarStream(savedBytes(saved, docker, name), display, options), display)
}

async function* savedBytes(
  saved: NodeJS.ReadableStream,
  docker: DockerSocketOptions,
  name: string,
): AsyncGenerator<Buffer, void> {
  try {
    for await (const chunk of saved) {
      if (!Buffer.isBuffer(chunk)) throw new TransferError("protocol", "the Docker daemon sent text instead of an archive")
      yield chunk
    }
  } catch (error) {
    throw dockerError(error, docker, name)
  } finally {
    if ("destroy" in saved && typeof saved.destroy === "function") saved.destroy()
  }
}
