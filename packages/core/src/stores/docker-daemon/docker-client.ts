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
