import { randomBytes } from "node:crypto"
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { ServiceError } from "../errors/service-error.ts"

/**
 * The secret that a server made for itself at its first start, `DIRECTORY/server.secret`, readable by its user alone. Several processes that
 * start at once agree on one.
 * @throws ServiceError `invalid` for a file that was cut short, or a directory that cannot be written; errors of the file system.
 */
export async function persistedServerSecret(directory: string): Promise<Uint8Array> {
  const path = join(directory, "server.secret")
  const present = await readSecret(path)
  if (present) return present
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`
  try {
    await mkdir(directory, { recursive: true })
    await writeFile(temporary, `${randomBytes(48).toString("base64")}\n`, { mode: 0o600, flag: "wx" })
  } catch (error) {
    throw isCode(error, "EACCES") || isCode(error, "EROFS") ? notWritable(directory, error) : error
  }
  try {
    // A link, unlike a rename, leaves the secret alone that another process has put there meanwhile.
    await link(temporary, path)
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error
  } finally {
    await rm(temporary, { force: true })
  }
  const secret = await readSecret(path)
  if (!secret) throw new ServiceError("invalid", `${path} has gone while it was read`)
  return secret
}

function notWritable(directory: string, cause: unknown): ServiceError {
  const user = process.getuid?.()
  const who = user === undefined ? "this user" : `user ${user}`
  const advice = user === undefined ? "let it, or set DATA_DIR to another" : `run chown ${user} on it, or set DATA_DIR to another`
  return new ServiceError("invalid", `the data directory ${directory} cannot be written by ${who}: ${advice}`, { cause })
}

async function readSecret(path: string): Promise<Uint8Array | undefined> {
  let text: string
  try {
    text = (await readFile(path, "utf8")).trim()
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined
    throw error
  }
  if (Buffer.byteLength(text) < 32) {
    throw new ServiceError("invalid", `${path} holds fewer than 32 bytes; remove it to have a new one made`)
  }
  return new TextEncoder().encode(text)
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code
}
