import { networkInterfaces } from "node:os"
import { TransferError } from "@entrepot/core"
import type { Configuration } from "../configuration/configuration.ts"

const everywhere = new Set(["0.0.0.0", "::", "[::]", ""])

/**
 * Refuses a registry that is this very server: a copy to ourselves would wait for ourselves (RELIABILITY S3: never our own ports).
 * @throws TransferError `address_blocked`.
 */
export function refuseOwnAddress(registry: string, { listen, publicUrl }: Pick<Configuration, "listen" | "publicUrl">): void {
  const host = asDialled(registry)
  const isPublic = publicUrl !== undefined && withPort(new URL(publicUrl)) === withDefaultPort(host)
  if (!isPublic && !ownNames(listen.host).some((name) => `${name}:${listen.port}` === withDefaultPort(host))) return
  throw new TransferError("address_blocked", `${registry} is this server itself`, {
    host: registry,
    hint: "name the registry that images are to come from, or go to",
  })
}

/** The sockets that lead to this very server, for core's transport, which looks at the address of every connection (RELIABILITY S3). */
export function ownSockets({ listen, publicUrl }: Pick<Configuration, "listen" | "publicUrl">): readonly string[] {
  const listening = `${listen.host === "" ? "::" : listen.host}:${listen.port}`
  return publicUrl === undefined ? [listening] : [listening, withPort(new URL(publicUrl))]
}

/** As it stands in URLs, where `2130706433` and `127.1` are 127.0.0.1. */
function asDialled(registry: string): string {
  return URL.canParse(`https://${registry}`) ? new URL(`https://${registry}`).host : registry.toLowerCase()
}

/** Names under which a server that listens there is reached from this machine, as they stand in references. */
function ownNames(listenHost: string): readonly string[] {
  const named = listenHost.toLowerCase().replace(/^\[|\]$/g, "")
  const local = ["localhost", "127.0.0.1", "[::1]"]
  if (!everywhere.has(named)) return [...local, bracketed(named)]
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => bracketed(address)) ?? [])
  return [...local, "0.0.0.0", "[::]", ...addresses]
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address.replace(/%.*$/, "")}]` : address
}

function withPort({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port || (protocol === "http:" ? "80" : "443")}`
}

function withDefaultPort(host: string): string {
  return /:\d+$/.test(host) ? host.toLowerCase() : `${host.toLowerCase()}:443`
}
