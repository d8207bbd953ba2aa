import { isIP } from "node:net"
import { hostname } from "node:os"
import { isLoopback } from "@entrepot/core"
import type { Configuration } from "../configuration/configuration.ts"
import type { Client } from "./client.ts"

/** Whether the `Host` that a client wrote is a name of ours, so that an equal Origin is a page of ours. */
export type OwnNames = (client: Pick<Client, "host" | "viaProxy">) => boolean

/**
 * A page of another site can let its own name lead to this server (DNS rebinding): its Origin then equals the Host. So a name is ours when it is the
 * public one, an address, `localhost` or this machine's; any other only where no public one is configured, and either a believed proxy stands before
 * us or we listen to more than this machine.
 */
export function createOwnNames({ publicUrl, listen }: Pick<Configuration, "publicUrl" | "listen">): OwnNames {
  const publicName = publicUrl === undefined ? undefined : new URL(publicUrl).hostname
  const listensLocally = isLocalName(listen.host)
  return ({ host, viaProxy }) => {
    if (host === undefined || !URL.canParse(`http://${host}`)) return false
    const name = new URL(`http://${host}`).hostname
    if (name === publicName || isAddress(name) || isLocalName(name) || name === hostname().toLowerCase()) return true
    return publicName === undefined && (viaProxy || !listensLocally)
  }
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0
}

/** Also names below `localhost` (RFC 6761, section 6.3). */
function isLocalName(name: string): boolean {
  return isLoopback(name) || /.\.localhost$/i.test(name)
}
