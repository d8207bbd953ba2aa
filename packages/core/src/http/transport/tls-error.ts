import type { PeerCertificate } from "node:tls"
import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import { connectionError, nodeCode } from "./connection-error.ts"

const certificateFaults: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "has expired",
  CERT_NOT_YET_VALID: "is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "is signed by an unknown authority",
  UNABLE_TO_GET_ISSUER_CERT: "is signed by an unknown authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "is signed by an unknown authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "is signed by an unknown authority",
  ERR_TLS_CERT_ALTNAME_INVALID: "is for another name",
  CERT_REVOKED: "was revoked",
  INVALID_PURPOSE: "is not meant for servers",
  INVALID_CA: "is signed by something that is no authority",
  CERT_SIGNATURE_FAILURE: "has a wrong signature",
  CERT_UNTRUSTED: "is not trusted",
  CERT_REJECTED: "is rejected",
}

const trustHint = "if this certificate is right, give the file of its CA; --tls-verify=false accepts any certificate of this host"

/** Says what a failed TLS handshake means: `tls` for what a retry cannot mend, `network` for a broken connection. */
export function tlsError(error: Error, host: string, certificate: PeerCertificate | undefined): TransferError {
  const code = nodeCode(error)
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER") {
    return new TransferError("tls", `${host} does not speak TLS; it may be a plain HTTP server`, { host, cause: error })
  }
  const fault = code === undefined ? undefined : certificateFaults[code]
  if (fault !== undefined) {
    const text = `the certificate of ${host} ${fault}${describe(certificate)}`
    return new TransferError("tls", text, { host, hint: trustHint, cause: error })
  }
  if (code?.startsWith("ERR_SSL_") || code?.startsWith("ERR_TLS_") || code === "EPROTO") {
    return new TransferError("tls", `TLS handshake with ${host} failed (${code})`, { host, cause: error })
  }
  return connectionError(error, host)
}

function describe(certificate: PeerCertificate | undefined): string {
  if (!certificate?.subject) return ""
  const { subject, issuer, valid_from, valid_to, subjectaltname } = certificate
  const names = subjectaltname ? `, names ${subjectaltname}` : ""
  return ` (subject ${distinguishedName(subject)}, issuer ${distinguishedName(issuer)}, valid ${valid_from} to ${valid_to}${names})`
}

function distinguishedName(name: object): string {
  const parts = Object.entries(name).map(([key, value]) => `${key}=${String(value)}`)
  return parts.length > 0 ? parts.join(" ") : "(empty)"
}

/** TLS was asked of a server that answered in something else, in practice plain HTTP. */
export function spokePlainHttp(error: unknown): boolean {
  return isTransferError(error, "tls") && nodeCode(error.cause) === "ERR_SSL_WRONG_VERSION_NUMBER"
}
