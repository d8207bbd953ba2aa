import { X509Certificate } from "node:crypto"
import { ServiceError } from "../errors/service-error.ts"

const longestUsername = 256
const longestPassword = 8192
const longestCa = 256 * 1024
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

/** A user name at a registry. A colon would end it in `Authorization: Basic` (RFC 7617). @throws ServiceError `invalid`. */
export function readUsername(username: string): string {
  if (username !== "" && username.length <= longestUsername && !unprintable.test(username) && !username.includes(":")) {
    return username
  }
  throw new ServiceError("invalid", `a user name at a registry has 1 to ${longestUsername} printable characters and no colon`)
}

/** A password that is to be kept. @throws ServiceError `invalid`. */
export function checkPassword(password: string): void {
  if (password === "") throw new ServiceError("invalid", "the password is empty; null forgets the one that is kept")
  if (password.length > longestPassword) {
    throw new ServiceError("invalid", `a password has at most ${longestPassword} characters`)
  }
}

/** Certificates in PEM form. @throws ServiceError `invalid`. */
export function readCa(ca: string): string {
  // It is kept and shown as what everybody may know.
  if (ca.includes("PRIVATE KEY-----"))
    throw new ServiceError("invalid", "the CA has a private key in it; certificates alone belong here")
  try {
    if (ca.length <= longestCa && ca.includes("-----BEGIN CERTIFICATE-----") && new X509Certificate(ca)) return ca
  } catch (cause) {
    throw new ServiceError("invalid", "the CA is no certificate in PEM form", { cause })
  }
  throw new ServiceError("invalid", "the CA is no certificate in PEM form, or longer than 256 KiB")
}
