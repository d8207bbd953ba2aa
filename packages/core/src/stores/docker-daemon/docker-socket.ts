import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { TransferError } from "../../errors/transfer-error.ts"
import type { DockerSocketOptions } from "./docker-client.ts"

/**
 * Where the Docker engine is: `DOCKER_HOST` as `unix:///path` or `tcp://host:port`, with the certificates of `DOCKER_CERT_PATH` where
 * `DOCKER_TLS_VERIFY` is set. Empty without `DOCKER_HOST`: the usual socket.
 * @throws TransferError `usage` for another form, `local_io` for certificates that cannot be read.
 */
export async function dockerSocket(variables: Readonly<Record<string, string | undefined>>): Promise<DockerSocketOptions> {
  const text = variables.DOCKER_HOST
  if (text === undefined || text === "") return {}
  if (text.startsWith("unix://")) return { socketPath: text.slice("unix://".length) }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== "tcp:" || url.hostname === "") {
    throw new TransferError("usage", "the value of DOCKER_HOST is not an address that can be used", {
      side: "local",
      hint: "write unix:///var/run/docker.sock or tcp://host:2375",
    })
  }
  const isSecure = variables.DOCKER_TLS_VERIFY !== undefined && variables.DOCKER_TLS_VERIFY !== ""
  const address = { host: url.hostname, port: Number(url.port) || (isSecure ? 2376 : 2375) }
  if (!isSecure) return address
  const folder = variables.DOCKER_CERT_PATH || join(variables.HOME ?? "", ".docker")
  const read = (name: string) =>
    readFile(join(folder, name)).catch((cause: unknown) => {
      throw new TransferError("local_io", `${join(folder, name)} cannot be read`, { side: "local", host: folder, cause })
    })
  return { ...address, ca: await read("ca.pem"), cert: await read("cert.pem"), key: await read("key.pem") }
}
