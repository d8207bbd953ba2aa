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

/** Where the daemon is, for messages. */
export function dockerHost(options: DockerSocketOptions): string {
  return options.host === undefined ? (options.socketPath ?? "/var/run/docker.sock") : `${options.host}:${options.port ?? 2375}`
}

/** A client of the daemon's API. dockerode is loaded by the first call, since most transfers need none. */
export async function openDocker(options: DockerSocketOptions): Promise<Dockerode> {
  const { default: Docker } = await import("dockerode")
  const isLocal = options.host === undefined
  return new Docker({ ...options, ...(isLocal && { socketPath: dockerHost(options) }) })
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
