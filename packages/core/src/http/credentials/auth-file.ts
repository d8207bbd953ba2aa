import { createReadStream } from "node:fs"
import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import { type Credentials, credentials, IdentityToken } from "./credentials.ts"

/** Docker's `config.json` or containers' `auth.json`, as it was read: everything that is not ours stays as it is. */
export type AuthFile = Readonly<Record<string, unknown>>

/** Largest file that is read, bytes (RELIABILITY S9). */
export const authFileLimit = 4 * 1024 * 1024

/** Undefined where there is no file. @throws TransferError `local_io` when it is there and cannot be read, `too_large` over 4 MiB. */
export async function readAuthFile(path: string): Promise<AuthFile | undefined> {
  let text: string
  try {
    text = await readLimited(path)
  } catch (cause) {
    if (isTransferError(cause)) throw cause
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR")) return undefined
    throw new TransferError("local_io", `${path} cannot be read`, { side: "local", host: path, cause })
  }
  // The parser's own message may quote the file, which holds secrets.
  const refuse = () =>
    new TransferError("local_io", `${path} is not a JSON object`, { side: "local", host: path, hint: "repair or remove it" })
  if (text.trim() === "") return {}
  try {
    const value: unknown = JSON.parse(text)
    if (isRecord(value)) return value
  } catch {
    throw refuse()
  }
  throw refuse()
}

/** By stream, since a pipe or a device does not say its size. */
async function readLimited(path: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of createReadStream(path, { end: authFileLimit })) {
    chunks.push(chunk)
    size += chunk.length
  }
  if (size <= authFileLimit) return Buffer.concat(chunks, size).toString("utf8")
  throw new TransferError("too_large", `${path} is larger than ${authFileLimit} bytes`, { side: "local", host: path })
}

/** The section `auths`, by key. */
export function authEntries(file: AuthFile): readonly (readonly [key: string, entry: Readonly<Record<string, unknown>>])[] {
  const auths = isRecord(file.auths) ? file.auths : {}
  return Object.entries(auths).flatMap(([key, entry]) => (isRecord(entry) ? [[key, entry] as const] : []))
}

/** Helpers for single hosts, by key. */
export function helperEntries(file: AuthFile): readonly (readonly [key: string, helper: string])[] {
  const helpers = isRecord(file.credHelpers) ? file.credHelpers : {}
  return Object.entries(helpers).flatMap(([key, name]) => (typeof name === "string" && name !== "" ? [[key, name] as const] : []))
}

/** The helper for all other hosts. */
export function storeHelper(file: AuthFile): string | undefined {
  return typeof file.credsStore === "string" && file.credsStore !== "" ? file.credsStore : undefined
}

/** Undefined for an entry without a secret, as Docker writes it beside a helper. */
export function readAuthEntry(entry: Readonly<Record<string, unknown>>): Credentials | undefined {
  if (typeof entry.identitytoken === "string" && entry.identitytoken !== "") return new IdentityToken(entry.identitytoken)
  if (typeof entry.auth === "string" && entry.auth !== "") {
    const text = Buffer.from(entry.auth, "base64").toString("utf8")
    const colon = text.indexOf(":")
    // Old Docker versions padded with NUL.
    if (colon > 0) return credentials({ username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, "") })
  }
  if (typeof entry.username === "string" && typeof entry.password === "string" && entry.username !== "")
    return credentials({ username: entry.username, password: entry.password })
  return undefined
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
