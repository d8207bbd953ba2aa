import { X509Certificate } from "node:crypto"
import { parseNamingRule, parseTargetBase } from "@entrepot/core"
import type { NewTarget } from "@entrepot/db/stores"
import { ServiceError } from "../errors/service-error.ts"
import type { TargetInput } from "./target-service.ts"

const longestName = 100
const longestUsername = 256
const longestPassword = 8192
const longestCa = 256 * 1024
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

/** What is kept of a target in clear, all of it optional. */
type ClearFields = Partial<Omit<NewTarget, "ownerId" | "sealed">>

/**
 * The fields that an input names, checked. An address without project means `proxy` (seed 0 section 2.4).
 * @throws ServiceError `invalid`; TransferError for the address and the naming rule.
 */
export function readTargetFields(input: Partial<TargetInput>): ClearFields {
  if (input.password !== undefined && input.password !== null) checkPassword(input.password)
  return {
    ...(input.name === undefined ? {} : { name: readName(input.name) }),
    ...(input.address === undefined ? {} : readAddress(input.address)),
    ...(input.naming === undefined ? {} : { naming: parseNamingRule(input.naming).text }),
    ...(input.shared === undefined ? {} : { shared: input.shared }),
    ...(input.plainHttp === undefined ? {} : { plainHttp: input.plainHttp }),
    ...(input.tlsVerify === undefined ? {} : { tlsVerify: input.tlsVerify }),
    ...(input.ca === undefined ? {} : { ca: input.ca === null ? null : readCa(input.ca) }),
    ...(input.username === undefined ? {} : { username: input.username === null ? null : readUsername(input.username) }),
  }
}

function readAddress(address: string): { host: string; project: string } {
  const { host, project } = parseTargetBase(address)
  return { host, project: project ?? "proxy" }
}

function readName(name: string): string {
  const plain = name.trim()
  if (plain !== "" && plain.length <= longestName && !unprintable.test(plain)) return plain
  throw new ServiceError("invalid", `a target has a name of 1 to ${longestName} printable characters`)
}

/** A colon would end the name in `Authorization: Basic` (RFC 7617). */
function readUsername(username: string): string {
  if (username !== "" && username.length <= longestUsername && !unprintable.test(username) && !username.includes(":")) {
    return username
  }
  throw new ServiceError("invalid", `a user name at a registry has 1 to ${longestUsername} printable characters and no colon`)
}

function checkPassword(password: string): void {
  if (password === "") throw new ServiceError("invalid", "the password is empty; null forgets the one that is kept")
  if (password.length > longestPassword) {
    throw new ServiceError("invalid", `a password has at most ${longestPassword} characters`)
  }
}

function readCa(ca: string): string {
  try {
    if (ca.length <= longestCa && ca.includes("-----BEGIN CERTIFICATE-----") && new X509Certificate(ca)) return ca
  } catch (cause) {
    throw new ServiceError("invalid", "the CA is no certificate in PEM form", { cause })
  }
  throw new ServiceError("invalid", "the CA is no certificate in PEM form, or longer than 256 KiB")
}
