import { readFile } from "node:fs/promises"
import {
  type CredentialSource,
  createDirectEngine,
  createHttp,
  credentials,
  dockerCertificates,
  dockerConfig,
  dockerSocket,
  type Engine,
  firstOf,
  type HostSettings,
  type Http,
  proxySettings,
  registryHost,
  type StoreContext,
  TransferError,
} from "@entrepot/core"
import type { Context } from "../context.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import { printable } from "../renderers/text-width.ts"
import type { Login } from "./logins.ts"
import type { Notice, NoticeSource } from "./run-and-report.ts"

export type EngineName = "direct" | "docker"

export interface SessionOptions extends ConnectionOptions {
  readonly retryAttempts?: number
}

/** A registry that the command names: it counts as configured, and the login is for it alone. */
export interface NamedRegistry {
  /** As in a reference: `docker.io`, `harbor.example.com:8443`. */
  readonly registry: string
  readonly login?: Login | undefined
  /** The address was given as `http://…`. */
  readonly plainHttp?: boolean
}

/** What the transfers of one run share: connections, tokens, limits, what is known of hosts. */
export interface Session extends NoticeSource, AsyncDisposable {
  readonly http: Http
  readonly stores: StoreContext
  engine(name: EngineName): Promise<Engine>
}

/** Opens nothing on the network yet. `openOwn`: the registry of this machine, which is written to without its server. @throws TransferError `usage`, `local_io` for files that cannot be read. */
export async function openSession(
  registries: readonly NamedRegistry[],
  options: SessionOptions,
  context: Context,
  openOwn?: StoreContext["openOwn"],
): Promise<Session> {
  const { environment, signal, stderr } = context
  const settings = await hostSettings(options)
  const hosts: Record<string, HostSettings> = {}
  for (const { registry, plainHttp } of registries) {
    const host = registryHost({ registry })
    const installed = await dockerCertificates(environment.certificatesDirectory, host)
    hosts[host] = { ...hosts[host], ...installed, ...settings, ...(plainHttp ? { plainHttp } : {}) }
  }
  for (const host of options.plainHttp ?? []) hosts[host] = { ...settings, plainHttp: true }
  const { tlsVerify: _, ...defaults } = settings
  const onWarning = (message: string) => stderr.write(`! ${printable(message)}\n`)
  const files = [environment.dockerConfigFile, environment.authFile].filter((path) => path !== undefined)
  const known = firstOf(
    loginsOf(registries),
    ...files.map((path) => dockerConfig({ path, env: environment.variables, onWarning })),
  )
  const docker = await dockerSocket(environment.variables)
  let tell = ({ message }: Notice) => onWarning(message)
  const http = createHttp({
    hosts,
    defaults,
    credentials: known,
    proxies: proxySettings(environment.variables),
    onNotice: (notice) => tell(notice),
    ...(options.retryAttempts === undefined ? {} : { retry: { attempts: options.retryAttempts } }),
  })
  const stores: StoreContext = {
    http,
    cacheDirectory: cacheDirectoryOf(options, context),
    docker,
    signal,
    ...(openOwn === undefined ? {} : { openOwn }),
  }
  const engines: Engine[] = []
  return {
    http,
    stores,
    async engine(name) {
      const { limitRate, retryAttempts } = options
      const engine =
        name === "direct"
          ? createDirectEngine({ stores, limitRate, retryAttempts })
          : (await import("@entrepot/core/docker")).createDockerEngine({
              connection: docker,
              credentials: known,
              ...(retryAttempts === undefined ? {} : { retryAttempts }),
            })
      engines.push(engine)
      return engine
    },
    onNotice(handler) {
      tell = handler
    },
    async [Symbol.asyncDispose]() {
      for (const engine of engines) await engine.close()
      await http.close()
    },
  }
}

/** The cache directory of options or environment, else seed 4's. */
export function cacheDirectoryOf({ cacheDir }: Pick<ConnectionOptions, "cacheDir">, { environment }: Context): string {
  return cacheDir ?? environment.cacheDirectory ?? ".cache"
}

async function hostSettings({ tlsVerify, skipTls, ca, cert, key }: ConnectionOptions): Promise<HostSettings> {
  if ((cert === undefined) !== (key === undefined)) {
    throw new TransferError("usage", "a client certificate needs its key", { hint: "give --cert and --key together" })
  }
  return {
    ...(tlsVerify === false || skipTls ? { tlsVerify: false } : {}),
    ...(ca === undefined ? {} : { ca: await readPem(ca) }),
    ...(cert === undefined || key === undefined
      ? {}
      : { clientCertificate: { cert: await readPem(cert), key: await readPem(key) } }),
  }
}

async function readPem(path: string): Promise<string> {
  let text: string
  try {
    text = await readFile(path, "utf8")
  } catch (error) {
    throw new TransferError("local_io", `${path} cannot be read`, {
      side: "local",
      host: path,
      hint: "check the path",
      cause: error,
    })
  }
  if (text.includes("-----BEGIN ")) return text
  throw new TransferError("usage", `${path} is not a PEM file`, { hint: "a PEM file begins with -----BEGIN" })
}

/** The logins of the command line, each for its registry. */
function loginsOf(registries: readonly NamedRegistry[]): CredentialSource {
  const byHost = new Map(
    registries.flatMap(({ registry, login }) =>
      login === undefined ? [] : [[registryHost({ registry }), credentials(login)] as const],
    ),
  )
  return async (host) => byHost.get(host)
}
