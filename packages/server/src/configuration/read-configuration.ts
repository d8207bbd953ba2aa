import { relative, resolve } from "node:path"
import { dockerSocket, type HostSettings, isTransferError, proxySettings } from "@entrepot/core"
import { ServiceError } from "../errors/service-error.ts"
import { type ConfigFile, readConfigFile } from "./config-file.ts"
import type { Configuration } from "./configuration.ts"
import { databaseFile } from "./database-file.ts"
import { misspeltVariables, oddities } from "./oddities.ts"
import { parseMasterKeys } from "./parse-master-keys.ts"
import { readRegistry } from "./read-registry.ts"
import { readSettingFiles } from "./read-setting-files.ts"
import { persistedServerSecret } from "./server-secret.ts"
import type { Setting } from "./setting.ts"
import { SettingReader } from "./setting-reader.ts"
import { settings } from "./settings.ts"

export interface ReadConfigurationOptions {
  /** Where `.env` and `data` are, and what file names are relative to. */
  readonly root: string
}

/** What Docker calls an insecure registry: plain HTTP where it speaks that, any certificate where it speaks TLS. */
const insecure: HostSettings = { plainHttp: true, tlsVerify: false }

/**
 * Reads and checks everything that can be set: `variables` first, then `.env` in the root, then `config.toml` in the data directory. Makes the
 * server's own secret where none is given.
 * @throws ServiceError `invalid` that names every variable and key that is wrong, and what would be right.
 */
export async function readConfiguration(
  variables: Readonly<Record<string, string | undefined>>,
  { root }: ReadConfigurationOptions,
): Promise<Configuration> {
  const problems: string[] = []
  const { all, dataDirectory, path, text } = await readSettingFiles(variables, root, problems)
  const shownPath = relative(root, path).startsWith("..") ? path : relative(root, path)
  const file = readConfigFile(text ?? "", knownKeys, ["admin"])
  problems.push(...file.problems.map((problem) => `${shownPath}: ${problem}`))
  const reader = new SettingReader(all, { path: shownPath, values: file.values }, problems)
  await reader.readSecretFiles(Object.values(settings), root)

  const host = reader.read(settings.host) ?? "127.0.0.1"
  const selfRegistry = reader.read(settings.selfRegistry)
  const publicUrl = reader.read(settings.publicUrl) ?? selfRegistry
  const serverSecrets = reader.read(settings.serverSecrets)
  const checked = {
    listen: { host, port: reader.read(settings.port) ?? 8080 },
    publicUrl,
    trustedProxies: reader.read(settings.trustedProxies) ?? [],
    dataDirectory,
    database: readDatabase(reader, root, dataDirectory),
    logLevel: reader.read(settings.logLevel) ?? "info",
    jobs: {
      concurrency: reader.read(settings.jobConcurrency) ?? 3,
      perOwner: reader.read(settings.jobsPerOwner),
      limitRate: reader.read(settings.limitRate),
      keepDays: reader.read(settings.keepDays) || undefined,
      defaultTarget: readDefaultTarget(reader, problems),
    },
    streams: {
      perCredential: reader.read(settings.streamsPerCredential) ?? 5,
      total: reader.read(settings.streamsTotal) ?? 500,
    },
    hosts: await readHosts(reader, file, root, shownPath),
    proxyVariables: readProxies(reader, all, problems),
    docker: await readDocker(reader, all.HOME, problems),
    locale: reader.read(settings.locale) ?? "zh",
  } satisfies Partial<Configuration>
  const accounts = {
    defaultToken: reader.read(settings.defaultToken) ?? "docker-transformer",
    setupCode: reader.read(settings.setupCode),
    masterKeys: await readMasterKeys(reader, root),
  }
  const registry = readRegistry(reader, { root, dataDirectory, publicUrl, selfRegistry }, problems)
  if (checked.database.kind === "postgres" && serverSecrets === undefined && !reader.isWrong(settings.serverSecrets)) {
    problems.push(
      `SERVER_SECRET is not set: processes that share a DATABASE_URL must share it; write ${settings.serverSecrets.form}`,
    )
  }
  if (problems.length > 0) throw new ServiceError("invalid", ["The configuration cannot be used:", ...problems].join("\n  "))

  const ginMode = reader.read(settings.ginMode)
  return {
    ...checked,
    registry,
    accounts: { ...accounts, serverSecrets: serverSecrets ?? [await persistedServerSecret(dataDirectory)] },
    warnings: [
      ...misspeltVariables(Object.keys(all)),
      ...oddities({ host, publicUrl, ginMode, hasAdminSection: file.passedOver.includes("admin") }),
    ],
  }
}

const allSettings: readonly Setting<unknown>[] = Object.values(settings)
const knownKeys = allSettings.flatMap(({ key }) => (key === undefined ? [] : [key]))

function readDatabase(reader: SettingReader, root: string, dataDirectory: string): Configuration["database"] {
  const url = reader.read(settings.databaseUrl)
  const path = reader.read(settings.databasePath)
  return url === undefined ? databaseFile(path, root, dataDirectory) : { kind: "postgres", url }
}

function readDefaultTarget(reader: SettingReader, problems: string[]): Configuration["jobs"]["defaultTarget"] {
  const address = reader.read(settings.defaultTarget)
  const username = reader.read(settings.defaultTargetUsername)
  const password = reader.read(settings.defaultTargetPassword)
  if (address !== undefined) {
    if (password !== undefined && username === undefined)
      problems.push("DEFAULT_TARGET_USERNAME is not set: the password needs it")
    return { address, username, password }
  }
  if ((username ?? password) !== undefined && !reader.isWrong(settings.defaultTarget)) {
    problems.push(`DEFAULT_TARGET is not set: its user and password need it; write ${settings.defaultTarget.form}`)
  }
  return undefined
}

async function readMasterKeys(reader: SettingReader, root: string): Promise<readonly Uint8Array[]> {
  const name = reader.read(settings.masterKeyFile)
  const path = name === undefined ? undefined : resolve(root, name)
  const text = path === undefined ? undefined : await reader.readFile(path, "MASTER_KEY_FILE")
  if (path === undefined || text === undefined) return []
  const parsed = parseMasterKeys(text)
  if ("keys" in parsed) return parsed.keys
  reader.report(`MASTER_KEY_FILE: ${path}: ${parsed.problem}`)
  return []
}

async function readHosts(
  reader: SettingReader,
  file: ConfigFile,
  root: string,
  shownPath: string,
): Promise<Configuration["hosts"]> {
  const hosts: Record<string, HostSettings> = {}
  for (const name of reader.read(settings.insecureRegistries) ?? []) hosts[name.toLowerCase()] = insecure
  for (const [name, { caFile, certificateFile, keyFile, ...rest }] of Object.entries(file.hosts)) {
    const read = (fileName: string | undefined) =>
      fileName === undefined ? undefined : reader.readFile(resolve(root, fileName), `${shownPath}: [hosts."${name}"]`)
    const [ca, cert, key] = [await read(caFile), await read(certificateFile), await read(keyFile)]
    hosts[name] = {
      ...hosts[name],
      ...rest,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined || key === undefined ? {} : { clientCertificate: { cert, key } }),
    }
  }
  return hosts
}

/** By the names core looks for, those in lower case included, which count before the others as in curl. */
function readProxies(
  reader: SettingReader,
  all: Readonly<Record<string, string | undefined>>,
  problems: string[],
): Configuration["proxyVariables"] {
  const found: Record<string, string | undefined> = {}
  for (const proxy of [settings.httpProxy, settings.httpsProxy, settings.allProxy, settings.noProxy]) {
    found[proxy.variable] = all[proxy.variable.toLowerCase()] || reader.read(proxy)
  }
  try {
    proxySettings(found)
  } catch (error) {
    if (!isTransferError(error)) throw error
    problems.push(`${error.message}: ${error.hint}`)
  }
  return found
}

/** The same variables as Docker's own command line reads. */
async function readDocker(reader: SettingReader, home: string | undefined, problems: string[]): Promise<Configuration["docker"]> {
  try {
    return await dockerSocket({
      DOCKER_HOST: reader.read(settings.dockerHost),
      DOCKER_TLS_VERIFY: reader.read(settings.dockerTlsVerify),
      DOCKER_CERT_PATH: reader.read(settings.dockerCertPath),
      HOME: home,
    })
  } catch (error) {
    if (!isTransferError(error)) throw error
    problems.push(error.hint === undefined ? `DOCKER_CERT_PATH: ${error.message}` : `${error.message}: ${error.hint}`)
    return {}
  }
}
