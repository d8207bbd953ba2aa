import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import type Dockerode from "dockerode"
import { TransferError } from "../../errors/transfer-error.ts"
import { formatFamiliar, type Reference } from "../../reference/index.ts"
import { Staging } from "../archive/staging.ts"
import { packTar } from "../archive/tar-writer.ts"
import { DockerArchiveTarget } from "../docker-archive/docker-archive-target.ts"
import { type DockerSocketOptions, dockerError, dockerHost, openDocker } from "./docker-client.ts"
import { readLoadResult } from "./read-load-result.ts"

/**
 * A Docker daemon to load an image into, under the repository of `name`. The image is gathered in a temporary directory and loaded by `finish`, which
 * then asks the daemon whether it has exactly that image.
 * @throws TransferError `docker_unavailable`, `local_io`.
 */
export async function createDockerDaemonTarget(
  name: Reference,
  docker: DockerSocketOptions = {},
  temporaryDirectory: string = tmpdir(),
): Promise<DockerArchiveTarget> {
  const client = await openDocker(docker)
  const display = `docker-daemon:${formatFamiliar(name)}`
  await client.ping().catch((error: unknown) => Promise.reject(dockerError(error, docker, formatFamiliar(name))))
  return new DockerArchiveTarget({
    display,
    host: dockerHost(docker),
    staging: await Staging.openBeside(join(temporaryDirectory, "entrepot-load")),
    name,
    publish: async (files, images, signal) => {
      try {
        await load(client, Readable.from(packTar(files, signal), { objectMode: false }), signal)
        for (const { manifest, names } of images) {
          for (const loaded of names)
            await checkLoaded(client, formatFamiliar(loaded), manifest.config.digest, dockerHost(docker))
        }
      } catch (error) {
        throw dockerError(error, docker, formatFamiliar(name))
      }
    },
  })
}

async function load(client: Dockerode, tar: Readable, signal: AbortSignal | undefined): Promise<void> {
  // A tar that breaks off would leave the request open for good.
  const request = new AbortController()
  const failed = new Promise<never>((_, reject) => tar.once("error", reject))
  failed.catch(() => request.abort())
  const stop = () => tar.destroy(new TransferError("cancelled", "stopped on request"))
  signal?.addEventListener("abort", stop, { once: true })
  try {
    const answer = client.loadImage(tar, { quiet: true, abortSignal: request.signal })
    answer.catch(() => undefined)
    await readLoadResult(await Promise.race([answer, failed]))
  } finally {
    signal?.removeEventListener("abort", stop)
    tar.destroy()
  }
}

/** The classic store names an image by its config, the containerd store by its manifest: what decides is that the name is there now. */
async function checkLoaded(client: Dockerode, name: string, config: string, host: string): Promise<void> {
  const { Id } = await client.getImage(name).inspect()
  const { Driver, DriverStatus } = await client.info()
  const isContainerdStore =
    Array.isArray(DriverStatus) && DriverStatus.some((pair: unknown) => String(pair).includes("containerd.snapshotter"))
  if (Id === config || isContainerdStore) return
  throw new TransferError("docker_unavailable", `the Docker daemon (${Driver}) has ${Id} as ${name} after loading ${config}`, {
    host,
  })
}
