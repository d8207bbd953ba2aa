import type { DockerSocketOptions, HostSettings } from "@entrepot/core"

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "silent"

/** The header by which a web server in front is told to send a blob's file by itself, and what stands before its path there. */
export type SendfileSetting = { readonly header: "x-sendfile" } | { readonly header: "x-accel-redirect"; readonly prefix: string }

/** The registry under /v2. */
export interface RegistryConfiguration {
  /** Seed 2's upstream: it stands in for Docker Hub, before the upstreams that are saved. An origin. */
  readonly upstream: string | undefined
  /** This server's address for token realms; undefined for the one that each client uses. An origin. */
  readonly self: string | undefined
  /** `iss`, `aud` and `service` of our tokens. */
  readonly service: string
  /** Seed 2's logins, several of one name included. */
  readonly accounts: readonly { readonly username: string; readonly password: string }[]
  /** Clients are sent to the upstream's own token service. Never together with accounts. */
  readonly skipAuthProxy: boolean
  /** Who may pull what is read through upstreams without a login: nobody, everybody, or (`auto`) everybody until there are logins or a whitelist. */
  readonly anonymous: "auto" | "yes" | "no"
  readonly blobDirectory: string
  /** What read-through images may take on disk in all; undefined for no limit. */
  readonly quotaBytes: number | undefined
  /** A tag that was asked for so recently is not asked for again, where its upstream has no time of its own. */
  readonly tagLifetimeMs: number
  readonly sendfile: SendfileSetting | undefined
  /** Entries of the access log are forgotten after so many days; undefined keeps them. */
  readonly accessLogDays: number | undefined
}

/** Everything that can be set, checked and complete. Made in one place (read-configuration.ts) from environment variables and `config.toml`. */
export interface Configuration {
  readonly listen: { readonly host: string; readonly port: number }
  /** As clients see this server, for links and the Secure cookie. */
  readonly publicUrl: string | undefined
  /** Addresses and networks whose forwarded headers are believed. */
  readonly trustedProxies: readonly string[]
  readonly dataDirectory: string
  readonly database: { readonly kind: "sqlite"; readonly path: string } | { readonly kind: "postgres"; readonly url: string }
  readonly logLevel: LogLevel
  readonly accounts: {
    /** The first token; later ones live in the database. */
    readonly defaultToken: string
    /** Must be given with the first login, where it is set. */
    readonly setupCode: string | undefined
    /** Signs tickets. At least 32 bytes; the first signs, all verify. */
    readonly serverSecrets: readonly Uint8Array[]
    /** Keys that saved passwords are sealed with, the first seals, all open. Empty: passwords are not kept. */
    readonly masterKeys: readonly Uint8Array[]
  }
  readonly jobs: {
    /** Jobs at once. */
    readonly concurrency: number
    /** Jobs of one owner at once; undefined for no limit but `concurrency`. */
    readonly perOwner: number | undefined
    /** Bytes a second over all jobs. */
    readonly limitRate: number | undefined
    /** Ended jobs are forgotten after so many days; undefined keeps them. */
    readonly keepDays: number | undefined
    /** Where jobs go that name no target. */
    readonly defaultTarget:
      | { readonly address: string; readonly username?: string | undefined; readonly password?: string | undefined }
      | undefined
  }
  readonly streams: { readonly perCredential: number; readonly total: number }
  /** Hosts with settings of their own; they count as configured (RELIABILITY S3). */
  readonly hosts: Readonly<Record<string, HostSettings>>
  /** HTTP_PROXY and its relatives, for core. */
  readonly proxyVariables: Readonly<Record<string, string | undefined>>
  readonly registry: RegistryConfiguration
  /** Where the Docker daemon is that jobs with its engine use; empty for the usual socket. */
  readonly docker: DockerSocketOptions
  /** For clients that ask for neither language: Chinese, as seed 0 answers. The language of the machine is not theirs. */
  readonly locale: "zh" | "en"
  /** What was odd but not wrong: `cookies are sent over plain HTTP`. */
  readonly warnings: readonly string[]
}
