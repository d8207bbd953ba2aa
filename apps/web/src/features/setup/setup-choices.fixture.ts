import { readAddress, type ServerAddress } from "./read-address.ts"
import type { SetupChoices } from "./setup-choices.ts"

/** @throws Error for what is no address. */
export function addressAt(text: string): ServerAddress {
  const address = readAddress(text)
  if (typeof address === "string") throw new Error(`${text}: ${address}`)
  return address
}

/** A server over HTTPS that anybody may pull from, and a registry with a port beside two without; or otherwise. */
export function choicesWith(changes: Partial<SetupChoices> = {}): SetupChoices {
  return {
    address: addressAt("https://mirror.example.com"),
    registries: ["docker.io", "ghcr.io", "registry.example:5000"],
    defaultRegistry: "docker.io",
    hasPrivateCa: false,
    user: undefined,
    ...changes,
  }
}

/** The same over plain HTTP, with a login. */
export const plainWithLogin = choicesWith({ address: addressAt("http://10.0.0.5:8080"), user: "ann" })

/** The same with a certificate of an authority of one's own. */
export const withCa = choicesWith({ hasPrivateCa: true, address: addressAt("https://mirror.lan:8443") })
