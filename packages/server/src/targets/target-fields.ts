import { parseNamingRule, parseTargetBase } from "@entrepot/core"
import type { NewTarget } from "@entrepot/db/stores"
import { ServiceError } from "../errors/service-error.ts"
import { checkPassword, readCa, readUsername } from "./login-fields.ts"
import type { TargetInput } from "./target-service.ts"

const longestName = 100
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
