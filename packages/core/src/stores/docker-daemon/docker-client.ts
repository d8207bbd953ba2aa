import type Dockerode from "dockerode"
import { isCancellation, TransferError } from "../../errors/transfer-error.ts"
import { systemCode } from "../files/local-io-error.ts"

/** How to reach a Docker daemon: a socket, or a host with the certificates of its API. */
export interface DockerSocketOptions {
  /** Default `/var/run/docker.sock` when there is no host either. */
  readonly socketPath?: string
  readonly host?: string
  readonly port?: number
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
}

/** Where the daemon is, for messages: `unix:///var/run/docker.sock`, or `host:2375`. */
export function dockerHost({ socketPath, host, port }: DockerSocketOptions): string {
  if (socketPath === undefined && host !== undefined) return `${host}:${port ?? 2375}`
  return `unix://${socketPath ?? "/var/run/docker.sock"}`
}

/**
 * A client of the daemon's API, connected to nothing yet. dockerode is loaded by the first call, since most transfers need none.
 * @throws TransferError `docker_unavailable` when the settings make no sense.
 */
export async function openDocker(options: DockerSocketOptions): Promise<Dockerode> {
  const { default: Docker } = await import("dockerode")
  const { socketPath, host, port, ca, cert, key } = options
  const path = socketPath ?? (host === undefined ? "/var/run/docker.sock" : undefined)
  const protocol = ca === undefined && cert === undefined ? "http" : "https"
  // Every field is given, so that the library's own look at DOCKER_HOST decides nothing.
  const settings: Record<string, unknown> = { socketPath: path, host, port, ca, cert, key, protocol }
  try {
    return new Docker(settings)
  } catch (cause) {
    const hint = "DOCKER_HOST or DOCKER_CERT_PATH is wrong"
    throw new TransferError("docker_unavailable", `cannot reach the Docker daemon at ${dockerHost(options)}`, { hint, cause })
  }
}

/** What a failed call of the API means: `docker_unavailable` unless the daemon itself says more. `what` names the image. */
export function dockerError(error: unknown, options: DockerSocketOptions, what: string): TransferError {
  if (error instanceof TransferError) return error
  if (isCancellation(error)) return new TransferError("cancelled", "stopped on request", { cause: error })
  const host = dockerHost(options)
  const status =
    error instanceof Error && "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : undefined
  if (status === 404) {
    return new TransferError("not_found", `the Docker daemon has no image ${what}`, {
      host,
      status,
      hint: "`docker images` lists what it has",
      cause: error,
    })
  }
  const reason = systemCode(error) ?? (error instanceof Error ? error.message : String(error))
  const message =
    status === undefined
      ? `cannot reach the Docker daemon at ${host}: ${reason}`
      : `the Docker daemon at ${host} failed with ${status}: ${reason.slice(0, 500)}`
  const hint = status === undefined ? "check that Docker runs, and that you may use its socket" : undefined
  return new TransferError("docker_unavailable", message, { host, status, hint, cause: error })
}
