import { setMaxListeners } from "node:events"
import { cancelled } from "../content/clock.ts"
import { TransferError } from "../errors/transfer-error.ts"
import { registryHost } from "../reference/format.ts"
import { type Send, stack } from "./http.ts"
import type { HttpOptions } from "./http-options.ts"
import { auth } from "./layers/auth.ts"
import { HostLimits } from "./layers/limits.ts"
import { redirects } from "./layers/redirects.ts"
import { retry } from "./layers/retry.ts"
import { Schemes } from "./layers/scheme.ts"
import type { HostSettings } from "./transport/host-settings.ts"
import { createTransport } from "./transport/transport.ts"

/** Everything that talks to registries over HTTP, with its settings and its memory of hosts. */
export interface Http {
  readonly send: Send
  /**
   * `https://host/`, or `http://host/` where that host is known or assumed to speak it. For loopback hosts and those with `tlsVerify` false
   * it is a guess until the first request, which is sent on the right scheme all the same. Docker Hub's names lead to its API host.
   * @throws TransferError `usage` when `host` is no `host[:port]`.
   */
  baseUrl(host: string): Promise<URL>
  settings(host: string): HostSettings
  readonly limits: HostLimits
  /** Ends all waiting and all connections; requests under way fail. */
  close(): Promise<void>
}

/**
 * The layers, a request's way down: retry → scheme → redirects → auth → limits → transport.
 *
 * - Retry is outermost: each try begins at the origin again, with a fresh signed URL and a token that is still good.
 * - The scheme is settled above authentication, which therefore knows whether it speaks https before it sends anything.
 * - Redirects stand above authentication: a hop abroad comes by without scopes, and so goes out without credentials.
 * - Limits are innermost: each hop and each token request waits at the gate of the host that it really goes to, a slot is held while its body
 *   streams, and what authentication or redirects discard gives its slot back before the next request is made.
 */
export function createHttp(options: HttpOptions = {}): Http {
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)
  const hosts = new Map(Object.entries(options.hosts ?? {}).map(([host, settings]) => [plainName(host), settings]))
  const settings = (host: string) => hosts.get(plainName(host)) ?? options.defaults ?? {}
  const isConfigured = (host: string) => hosts.has(plainName(host))
  const schemes = new Schemes(settings)
  const limits = options.limits ?? new HostLimits(options)
  const transport = options.transport
    ? { send: options.transport, close: async () => undefined }
    : createTransport({ ...options, hosts: settings, isConfigured })

  const layers = stack(
    (request) => (closing.signal.aborted ? Promise.reject(cancelled()) : transport.send(request)),
    retry({ ...options, ...options.retry, maxWaitMs: limits.maxWaitMs, closing: closing.signal }),
    schemes.layer(),
    redirects(),
    auth(options),
    limits.layer(closing.signal),
  )

  return {
    send: (request) => {
      // One signal serves all requests of a transfer, and each listens to it at several places.
      if (request.signal) setMaxListeners(0, request.signal)
      return layers(request)
    },
    baseUrl: async (host) => {
      const name = plainName(host)
      const url = URL.canParse(`https://${name}`) ? new URL(`${schemes.of(name)}//${name}`) : undefined
      if (url && url.href === `${url.protocol}//${url.host}/`) return url
      throw new TransferError("usage", `not a registry host: ${JSON.stringify(host.slice(0, 255))}`, {
        hint: "HOST or HOST:PORT",
      })
    },
    settings,
    limits,
    close: async () => {
      closing.abort()
      await transport.close()
    },
  }
}

/** As a host is called in URLs: `host:443` and `host` are one, and Docker Hub's registry does not live under the name that references carry. */
function plainName(host: string): string {
  const plain = host.toLowerCase().replace(/:443$/, "")
  return registryHost({ registry: plain === "index.docker.io" ? "docker.io" : plain })
}
