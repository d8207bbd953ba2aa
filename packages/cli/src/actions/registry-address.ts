import { parseTargetBase, TransferError } from "@entrepot/core"

/** The registry that seed 4's `--registry` takes: an address, or a host alone. */
export interface RegistryAddress {
  /** As in a reference: `docker.io`, `harbor.example.com:8443`. */
  readonly registry: string
  /** The address says `http://`. */
  readonly plainHttp: boolean
}

/** Reads `https://registry-1.docker.io`, `http://localhost:5000`, `harbor.example.com`. @throws TransferError `reference_invalid`, `usage`. */
export function parseRegistryAddress(text: string): RegistryAddress {
  const { host, project } = parseTargetBase(text.replace(/\/v2\/?$/, ""))
  if (project === undefined) return { registry: host, plainHttp: text.trim().startsWith("http://") }
  throw new TransferError("usage", `the registry ${text} has a path, and a registry is a host`, {
    hint: `put ${project}/ before the repository: --registry https://${host} -r ${project}/…`,
  })
}
