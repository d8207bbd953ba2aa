import type { HostSettings } from "@entrepot/core"
import { parse, TomlError } from "smol-toml"
import { z } from "zod"
import { closestName } from "./closest-name.ts"
import { registryHostText } from "./value-schemas.ts"

/** `config.toml`, taken apart: values by `section.key`, and the hosts with settings of their own. */
export interface ConfigFile {
  readonly values: ReadonlyMap<string, unknown>
  readonly hosts: Readonly<Record<string, HostFileSettings>>
  /** Sections that are somebody else's. */
  readonly passedOver: readonly string[]
  /** One sentence each, without the file's name. */
  readonly problems: readonly string[]
}

/** `[hosts."harbor.example.com:8443"]`; files are read by whoever asks for them. */
export interface HostFileSettings extends Pick<HostSettings, "plainHttp" | "tlsVerify"> {
  readonly caFile?: string
  readonly certificateFile?: string
  readonly keyFile?: string
}

const hostSchema = z
  .strictObject({
    plain_http: z.boolean().optional(),
    tls_verify: z.boolean().optional(),
    ca_file: z.string().min(1).optional(),
    certificate_file: z.string().min(1).optional(),
    key_file: z.string().min(1).optional(),
  })
  .refine((host) => (host.certificate_file === undefined) === (host.key_file === undefined))

const hostForm = "plain_http and tls_verify as true or false, ca_file, certificate_file together with key_file"

/** Known keys are `section.key`; `tolerated` sections are somebody else's and passed over. */
export function readConfigFile(text: string, known: readonly string[], tolerated: readonly string[] = []): ConfigFile {
  const values = new Map<string, unknown>()
  const hosts: Record<string, HostFileSettings> = {}
  const passedOver: string[] = []
  const problems: string[] = []
  const sections = [...new Set(known.map((key) => key.split(".")[0] ?? "")), "hosts"]

  for (const [section, content] of Object.entries(parseToml(text, problems))) {
    if (tolerated.includes(section)) {
      passedOver.push(section)
    } else if (!isTable(content)) {
      problems.push(`${section} stands outside a section${suggestion(section, known, (key) => key.split(".")[1] ?? "")}`)
    } else if (section === "hosts") {
      for (const [host, given] of Object.entries(content)) readHost(host, given)
    } else if (!sections.includes(section)) {
      problems.push(`[${section}] is not a section${suggestion(section, sections)}`)
    } else {
      for (const [key, value] of Object.entries(content)) {
        const name = `${section}.${key}`
        if (known.includes(name)) values.set(name, value)
        else problems.push(`${name} is not a setting${suggestion(name, known)}`)
      }
    }
  }
  return { values, hosts, passedOver, problems }

  function readHost(host: string, given: unknown) {
    const parsed = hostSchema.safeParse(given)
    if (!registryHostText.safeParse(host).success) problems.push(`[hosts."${host}"] is not a host: write HOST[:PORT]`)
    else if (!parsed.success) problems.push(`[hosts."${host}"] cannot be used: write ${hostForm}`)
    else {
      const { plain_http, tls_verify, ca_file, certificate_file, key_file } = parsed.data
      hosts[host.toLowerCase()] = {
        ...(plain_http === undefined ? {} : { plainHttp: plain_http }),
        ...(tls_verify === undefined ? {} : { tlsVerify: tls_verify }),
        ...(ca_file === undefined ? {} : { caFile: ca_file }),
        ...(certificate_file === undefined ? {} : { certificateFile: certificate_file }),
        ...(key_file === undefined ? {} : { keyFile: key_file }),
      }
    }
  }
}

/** The parser's own message quotes the line, which may hold a secret; line and column are enough. */
function parseToml(text: string, problems: string[]): Record<string, unknown> {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    problems.push(`line ${error.line}, column ${error.column} is not TOML`)
    return {}
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

function suggestion(name: string, known: readonly string[], part = (key: string) => key): string {
  const found = known.find((key) => part(key) === name) ?? closestName(name, known)
  return found === undefined ? "" : `; did you mean ${found}?`
}
