import { randomBytes } from "node:crypto"
import { mkdir, open, realpath, rename, rm } from "node:fs/promises"
import { dirname } from "node:path"
import { TransferError } from "../../errors/transfer-error.ts"
import { type AuthFile, authEntries, helperEntries, isRecord, readAuthFile, storeHelper } from "./auth-file.ts"
import { CredentialHelper, type HelperOptions } from "./credential-helper.ts"
import type { Credentials } from "./credentials.ts"
import { readRegistryKey, writtenKey } from "./registry-key.ts"

/**
 * Login: keeps credentials for `host[:port]` where Docker's config file at `path` says, in its helper or in the file itself. Everything else
 * in the file stays as it is; the file is replaced whole, mode 0600. Two processes that do this at once: the last one wins.
 * @throws TransferError `local_io`.
 */
export async function storeCredentials(
  path: string,
  host: string,
  known: Credentials,
  options: HelperOptions = {},
): Promise<void> {
  const file = (await readAuthFile(path)) ?? {}
  const key = writtenKey(host)
  const helper = helperFor(file, host, options)
  await helper?.store(key, known)
  const others = authEntries(file).filter(([other]) => !sameKey(other, host))
  await writeAuthFile(path, { ...file, auths: Object.fromEntries([...others, [key, helper ? {} : entryOf(known)]]) })
}

/** Logout: true when there was something to forget. @throws TransferError `local_io`. */
export async function eraseCredentials(path: string, host: string, options: HelperOptions = {}): Promise<boolean> {
  const file = await readAuthFile(path)
  if (!file) return false
  const helper = helperFor(file, host, options)
  const key = writtenKey(host)
  const kept = (await helper?.get(key)) !== undefined
  if (kept) await helper?.erase(key)
  const entries = authEntries(file)
  const others = entries.filter(([other]) => !sameKey(other, host))
  if (others.length !== entries.length) await writeAuthFile(path, { ...file, auths: Object.fromEntries(others) })
  return kept || others.length !== entries.length
}

function helperFor(file: AuthFile, host: string, options: HelperOptions): CredentialHelper | undefined {
  const name = helperEntries(file).find(([key]) => sameKey(key, host))?.[1] ?? storeHelper(file)
  return name === undefined ? undefined : new CredentialHelper(name, options)
}

function sameKey(key: string, host: string): boolean {
  const one = readRegistryKey(key)
  const other = readRegistryKey(host)
  return one.host === other.host && one.path === other.path
}

function entryOf(known: Credentials): Record<string, string> {
  if ("identityToken" in known) return { auth: base64("<token>:"), identitytoken: known.identityToken }
  return { auth: base64(`${known.username}:${known.password}`) }
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64")
}

async function writeAuthFile(path: string, file: AuthFile): Promise<void> {
  // A file that is a link into a directory of dotfiles stays one.
  const target = await realpath(path).catch(() => path)
  const temporary = `${target}.${randomBytes(6).toString("hex")}`
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    const handle = await open(temporary, "wx", 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(withoutEmptyAuths(file), undefined, "\t")}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, target)
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw new TransferError("local_io", `${path} cannot be written`, { side: "local", host: path, cause })
  }
}

function withoutEmptyAuths(file: AuthFile): AuthFile {
  if (!isRecord(file.auths) || Object.keys(file.auths).length > 0) return file
  const { auths: _, ...rest } = file
  return rest
}
