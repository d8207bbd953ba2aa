import { networkInterfaces } from "node:os"
import { TransferError } from "@entrepot/core"
import type { Configuration } from "../configuration/configuration.ts"

const everywhere = new Set(["0.0.0.0", "::", "[::]", ""])

/** Where this server listens, and what it is called. */
interface OwnPlace extends Pick<Configuration, "listen" | "publicUrl"> {
  readonly registry: Pick<Configuration["registry"], "self">
}

/**
 * Refuses a registry that is this very server: whoever reads from us would wait for us (RELIABILITY S3: never our own ports).
 * @throws TransferError `address_blocked`.
 */
export function refuseOwnAddress(registry: string, configuration: OwnPlace): void {
  if (!isOwnAddress(registry, configuration)) return
  throw new TransferError("address_blocked", `${registry} is this server itself`, {
    host: registry,
    hint: "name the registry that images are to come from",
  })
}

/** Whether references to that registry lead to this very server. */
export function isOwnAddress(registry: string, { listen, publicUrl, registry: { self } }: OwnPlace): boolean {
  const host = withDefaultPort(asDialled(registry))
  if ([publicUrl, self].some((url) => url !== undefined && withPort(new URL(url)) === host)) return true
  return ownNames(listen.host).some((name) => `${name}:${listen.port}` === host)
}

/** The sockets that lead to this very server, for core's transport, which looks at the address of every connection (RELIABILITY S3). */
export function ownSockets({ listen, publicUrl, registry: { self } }: OwnPlace): readonly string[] {
  const listening = `${listen.host === "" ? "::" : listen.host}:${listen.port}`
  const named = [publicUrl, self].flatMap((url) => (url === undefined ? [] : [withPort(new URL(url))]))
  return [...new Set([listening, ...named])]
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
