import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { TransferError } from "../../errors/transfer-error.ts"
import type { HostSettings } from "../transport/host-settings.ts"

/**
 * Certificates as Docker keeps them in a directory per host, `/etc/docker/certs.d/HOST[:PORT]/`: every `.crt` is a trusted CA, a `.cert`
 * with the `.key` of the same name is shown to the server. Empty settings where there is nothing.
 * @throws TransferError `local_io` when something is there and cannot be read, or a certificate's key is missing.
 */
export async function dockerCertificates(directory: string, host: string): Promise<HostSettings> {
  if (!/^[A-Za-z0-9.:[\]_-]+$/.test(host) || host.startsWith(".")) return {}
  const folder = join(directory, host)
  try {
    const names = (await readdir(folder)).toSorted()
    const authorities = await Promise.all(
      names.filter((name) => name.endsWith(".crt")).map((name) => readFile(join(folder, name), "utf8")),
    )
    const certificate = names.find((name) => name.endsWith(".cert"))
    return {
      ...(authorities.length > 0 && { ca: authorities.join("\n") }),
      ...(certificate && {
        clientCertificate: {
          cert: await readFile(join(folder, certificate), "utf8"),
          key: await readFile(join(folder, certificate.replace(/\.cert$/, ".key")), "utf8"),
        },
      }),
    }
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined
    const path = cause instanceof Error && "path" in cause ? String(cause.path) : folder
    if (path === folder && (code === "ENOENT" || code === "ENOTDIR")) return {}
    throw new TransferError("local_io", `${path} cannot be read`, { side: "local", host: path, cause })
  }
}
