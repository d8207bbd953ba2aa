import type { DockerSocketOptions, HostSettings } from "@entrepot/core"

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "silent"

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
  /** For clients that ask for neither language: Chinese, as seed 0 answers. The language of the machine is not theirs. */
  /** Where the Docker daemon is that jobs with its engine use; empty for the usual socket. */
  readonly docker: DockerSocketOptions
  readonly locale: "zh" | "en"
  /** What was odd but not wrong: `cookies are sent over plain HTTP`. */
  readonly warnings: readonly string[]
}
