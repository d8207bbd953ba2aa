import { createHash } from "node:crypto"
import net from "node:net"
import tls from "node:tls"
import { type HostSettings, tlsKey } from "./host-settings.ts"

/** What tls.connect needs for a host; contexts are made once per distinct settings, since parsing all roots takes milliseconds. */
export function tlsOptions(): (settings: HostSettings, hostname: string) => tls.ConnectionOptions {
  const contexts = new Map<string, tls.SecureContext>()
  return (settings, hostname) => {
    const key = createHash("sha256").update(tlsKey(settings)).digest("base64")
    const secureContext = contexts.get(key) ?? createContext(settings)
    contexts.set(key, secureContext)
    return {
      secureContext,
      rejectUnauthorized: settings.tlsVerify !== false,
      ALPNProtocols: ["http/1.1"],
      // Server names are names: RFC 6066, section 3, forbids addresses there.
      servername: net.isIP(hostname) ? "" : hostname.replace(/\.$/, ""),
    }
  }
}

function createContext({ ca, clientCertificate }: HostSettings): tls.SecureContext {
  return tls.createSecureContext({
    ...(ca === undefined ? {} : { ca: [...tls.rootCertificates, ca] }),
    ...(clientCertificate ? { cert: clientCertificate.cert, key: clientCertificate.key } : {}),
  })
}
