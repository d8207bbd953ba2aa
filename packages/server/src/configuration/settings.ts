import { parseTargetBase } from "@entrepot/core"
import { z } from "zod"
import type { SendfileSetting } from "./configuration.ts"
import { type Setting, setting } from "./setting.ts"
import {
  byteSize,
  duration,
  list,
  network,
  origin,
  rate,
  registryHostText,
  text,
  wholeNumber,
  words,
  yesOrNo,
} from "./value-schemas.ts"

const levels = {
  trace: "trace",
  debug: "debug",
  info: "info",
  warn: "warn",
  warning: "warn",
  error: "error",
  silent: "silent",
} as const

const logLevel = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.enum(["trace", "debug", "info", "warn", "warning", "error", "silent"]))
  .transform((level) => levels[level])

/** One secret, or several where it is being changed: the first is used, all are accepted. */
const serverSecrets = z
  .string()
  .transform((value) => value.split(/[\s,]+/).filter((part) => part !== ""))
  .pipe(z.array(z.string().refine((part) => Buffer.byteLength(part) >= 32)).min(1))
  .transform((parts) => parts.map((part) => new TextEncoder().encode(part)))

/** Seed 2's form of a login: base64 of `user:password`. */
const encodedLogin = z
  .string()
  .refine((entry) => /^[A-Za-z0-9+/]+={0,2}$/.test(entry) && /^[^:]+:./s.test(Buffer.from(entry, "base64").toString()))
  .transform((entry) => {
    const decoded = Buffer.from(entry, "base64").toString()
    const colon = decoded.indexOf(":")
    return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) }
  })

/** Which header tells a web server in front what to send by itself. */
const sendfile = text.transform((value, context): SendfileSetting => {
  if (value.toLowerCase() === "x-sendfile") return { header: "x-sendfile" }
  const prefix = /^x-accel-redirect:(\/[\w./-]*)$/i.exec(value)?.[1]
  if (prefix !== undefined && !prefix.includes("..")) return { header: "x-accel-redirect", prefix: prefix.replace(/\/+$/, "") }
  context.addIssue({ code: "custom", message: "neither" })
  return z.NEVER
})

const targetBase = text.refine((value) => {
  try {
    return parseTargetBase(value) !== undefined
  } catch {
    return false
  }
})

/**
 * Everything that can be set, in the order of .env.example, which a test compares with this table. Defaults stand in read-configuration.ts.
 */
export const settings = {
  host: setting({
    variable: "HOST",
    key: "server.host",
    schema: text,
    form: "an address to listen on, such as 127.0.0.1 or 0.0.0.0",
  }),
  port: setting({ variable: "PORT", key: "server.port", schema: wholeNumber(0, 65_535), form: "a port number, 0 to 65535" }),
  publicUrl: setting({
    variable: "PUBLIC_URL",
    key: "server.public_url",
    schema: origin,
    form: "the address that browsers use, such as https://mirror.example.com, without a path",
  }),
  trustedProxies: setting({
    variable: "TRUSTED_PROXIES",
    key: "server.trusted_proxies",
    schema: list(network),
    form: "addresses or networks separated by commas, such as 10.0.0.0/8,::1",
  }),
  logLevel: setting({
    variable: "LOG_LEVEL",
    key: "server.log_level",
    schema: logLevel,
    form: "trace, debug, info, warn, error or silent",
  }),
  locale: setting({
    variable: "ENTREPOT_LANG",
    key: "server.language",
    schema: z.enum(["zh", "en"]),
    form: "zh or en",
  }),
  dataDirectory: setting({ variable: "DATA_DIR", schema: text, form: "a directory" }),
  databasePath: setting({ variable: "DB_PATH", key: "database.path", schema: text, form: "a file name" }),
  databaseUrl: setting({
    variable: "DATABASE_URL",
    key: "database.url",
    schema: text.refine((value) => /^postgres(ql)?:\/\/[^/]/.test(value) && URL.canParse(value)),
    form: "postgres://user:password@host:5432/database",
    secret: true,
  }),
  defaultToken: setting({
    variable: "DEFAULT_TOKEN",
    key: "accounts.default_token",
    schema: text.max(200),
    form: "a token of at most 200 characters",
    secret: true,
  }),
  setupCode: setting({
    variable: "SETUP_CODE",
    key: "accounts.setup_code",
    schema: text.min(8).max(200),
    form: "8 to 200 characters",
    secret: true,
  }),
  serverSecrets: setting({
    variable: "SERVER_SECRET",
    key: "accounts.server_secret",
    schema: serverSecrets,
    form: "at least 32 bytes, for example of `openssl rand -base64 48`; several separated by commas",
    secret: true,
  }),
  masterKeyFile: setting({
    variable: "MASTER_KEY_FILE",
    key: "accounts.master_key_file",
    schema: text,
    form: "the name of a file with one key a line",
  }),
  jobConcurrency: setting({
    variable: "JOB_CONCURRENCY",
    key: "jobs.concurrency",
    schema: wholeNumber(1, 64),
    form: "a whole number from 1 to 64",
  }),
  jobsPerOwner: setting({
    variable: "JOBS_PER_OWNER",
    key: "jobs.per_owner",
    schema: wholeNumber(1, 64),
    form: "a whole number from 1 to 64",
  }),
  limitRate: setting({
    variable: "LIMIT_RATE",
    key: "jobs.limit_rate",
    schema: rate,
    form: "bytes a second like 20M, 512K or 1.5Gi, at least 1024",
  }),
  keepDays: setting({
    variable: "KEEP_DAYS",
    key: "jobs.keep_days",
    schema: wholeNumber(0, 36_500),
    form: "a whole number of days, 0 to keep everything",
  }),
  defaultTarget: setting({
    variable: "DEFAULT_TARGET",
    key: "target.address",
    schema: targetBase,
    form: "HOST[:PORT][/PROJECT], such as harbor.example.com/proxy",
  }),
  defaultTargetUsername: setting({
    variable: "DEFAULT_TARGET_USERNAME",
    key: "target.username",
    schema: text,
    form: "a user name",
  }),
  defaultTargetPassword: setting({
    variable: "DEFAULT_TARGET_PASSWORD",
    key: "target.password",
    schema: z.string().min(1),
    form: "a password",
    secret: true,
  }),
  insecureRegistries: setting({
    variable: "INSECURE_REGISTRIES",
    key: "network.insecure_registries",
    schema: list(registryHostText),
    form: "HOST[:PORT] separated by commas, such as 127.0.0.1:5000",
  }),
  httpProxy: setting({ variable: "HTTP_PROXY", key: "network.http_proxy", schema: text, form: "http://host:port", secret: true }),
  httpsProxy: setting({
    variable: "HTTPS_PROXY",
    key: "network.https_proxy",
    schema: text,
    form: "http://host:port",
    secret: true,
  }),
  allProxy: setting({ variable: "ALL_PROXY", key: "network.all_proxy", schema: text, form: "socks5h://host:port", secret: true }),
  noProxy: setting({ variable: "NO_PROXY", key: "network.no_proxy", schema: text, form: "hosts separated by commas" }),
  dockerHost: setting({
    variable: "DOCKER_HOST",
    key: "docker.host",
    schema: text,
    form: "unix:///var/run/docker.sock or tcp://host:2375",
  }),
  dockerTlsVerify: setting({ variable: "DOCKER_TLS_VERIFY", schema: text, form: "1" }),
  dockerCertPath: setting({ variable: "DOCKER_CERT_PATH", schema: text, form: "a directory with ca.pem, cert.pem and key.pem" }),
  streamsPerCredential: setting({
    variable: "STREAMS_PER_SESSION",
    key: "server.streams_per_session",
    schema: wholeNumber(1, 10_000),
    form: "a whole number from 1 to 10000",
  }),
  streamsTotal: setting({
    variable: "STREAMS_TOTAL",
    key: "server.streams_total",
    schema: wholeNumber(1, 10_000),
    form: "a whole number from 1 to 10000",
  }),
  ginMode: setting({ variable: "GIN_MODE", schema: text, form: "release" }),
  upstreamRegistry: setting({
    variable: "UPSTREAM_REGISTRY",
    key: "registry.upstream",
    schema: origin,
    form: "a registry's address, such as https://registry-1.docker.io",
  }),
  selfRegistry: setting({
    variable: "SELF_REGISTRY",
    key: "registry.self",
    schema: origin,
    form: "this server's address, such as http://localhost:8080",
  }),
  selfAuthService: setting({
    variable: "SELF_AUTH_SERVICE",
    key: "registry.auth_service",
    schema: text.regex(/^[\w.:-]{1,255}$/),
    form: "a name of letters, digits, dots, colons and dashes",
  }),
  registryAccounts: setting({
    variable: "ACCOUNTS",
    key: "registry.accounts",
    schema: words(encodedLogin),
    form: "base64 of user:password, several separated by commas or lines",
    secret: true,
  }),
  skipAuthProxy: setting({
    variable: "SKIP_AUTH_PROXY",
    key: "registry.skip_auth_proxy",
    schema: yesOrNo,
    form: "true or false",
  }),
  registryAnonymous: setting({
    variable: "REGISTRY_ANONYMOUS",
    key: "registry.anonymous",
    schema: z
      .string()
      .trim()
      .toLowerCase()
      .pipe(z.enum(["auto", "yes", "no"])),
    form: "auto, yes or no",
  }),
  blobDirectory: setting({ variable: "BLOB_DIR", key: "registry.blob_directory", schema: text, form: "a directory" }),
  registryQuota: setting({
    variable: "REGISTRY_QUOTA",
    key: "registry.quota",
    schema: byteSize,
    form: "bytes like 200Gi, 1.5T or 800M, at least 1Mi; 0 for no limit",
  }),
  registryTagTtl: setting({
    variable: "REGISTRY_TAG_TTL",
    key: "registry.tag_ttl",
    schema: duration,
    form: "a time like 60s, 5m or 2h, at most 30d",
  }),
  registrySendfile: setting({
    variable: "REGISTRY_SENDFILE",
    key: "registry.sendfile",
    schema: sendfile,
    form: "x-accel-redirect:/PREFIX or x-sendfile",
  }),
  accessLogDays: setting({
    variable: "ACCESS_LOG_DAYS",
    key: "registry.access_log_days",
    schema: wholeNumber(0, 36_500),
    form: "a whole number of days, 0 to keep everything",
  }),
} satisfies Record<string, Setting<unknown>>

/** What the command line alone takes from the environment; listed so that a misspelt name can be told from these. */
export const commandLineVariables: readonly string[] = [
  "MIRROR_TARGET",
  "ENTREPOT_NAMING",
  "ENTREPOT_CACHE_DIR",
  "ENTREPOT_USERNAME",
  "ENTREPOT_PASSWORD",
  "ENTREPOT_SOURCE_USERNAME",
  "ENTREPOT_SOURCE_PASSWORD",
  "ENTREPOT_SERVER",
  "ENTREPOT_TOKEN",
  "ENTREPOT_HISTORY",
]
