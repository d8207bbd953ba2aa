import { createRedactor } from "@entrepot/core"
import { pino } from "pino"
import type { Configuration, LogLevel } from "../configuration/configuration.ts"
import type { Log } from "../runtime/runtime.ts"
import { prettyLine } from "./pretty-line.ts"
import { redactFields } from "./redact-fields.ts"

export interface LogOptions {
  readonly level: LogLevel
  /** Takes whole lines. */
  readonly write: (line: string) => void
  /** For people at a terminal instead of machines. */
  readonly pretty?: boolean
  readonly colour?: boolean
  /** Hidden by value, in whatever encoding they turn up (RELIABILITY S19). */
  readonly secrets?: Iterable<string | undefined>
}

/** A log of one JSON object a line: `level`, `time` (ISO), the fields, `msg`. Nothing that has the name or the shape of a secret gets into it. */
export function createLog({ level, write, pretty = false, colour = false, secrets = [] }: LogOptions): Log {
  const clean = createRedactor(secrets)
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: pretty ? (line: string) => write(prettyLine(line, colour)) : write },
  )
  const at = (name: "debug" | "info" | "warn" | "error") => (fields: Readonly<Record<string, unknown>>, message: string) => {
    if (!logger.isLevelEnabled(name)) return
    const { level: _, time: __, msg: ___, ...rest } = fields
    logger[name](redactFields(rest, clean), clean(message))
  }
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") }
}

/** The secrets of a configuration, for the log to know by value. */
export function secretsOf({ accounts, jobs, registry, database, proxyVariables }: Configuration): string[] {
  const keys = accounts.masterKeys.flatMap((key) => [Buffer.from(key).toString("base64"), Buffer.from(key).toString("hex")])
  const urls = [database.kind === "postgres" ? database.url : undefined, ...Object.values(proxyVariables)]
  return [
    accounts.defaultToken,
    accounts.setupCode,
    ...accounts.serverSecrets.map((secret) => Buffer.from(secret).toString()),
    ...keys,
    jobs.defaultTarget?.password,
    ...registry.accounts.map(({ password }) => password),
    ...urls.map((url) => (url !== undefined && URL.canParse(url) ? decodeURIComponent(new URL(url).password) : undefined)),
  ].filter((secret): secret is string => secret !== undefined && secret !== "")
}
