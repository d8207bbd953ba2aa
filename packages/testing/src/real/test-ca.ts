import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openssl } from "./openssl.ts"

export interface ServerCertificate {
  readonly keyPath: string
  readonly certPath: string
  readonly key: string
  readonly cert: string
  /** PEM of the authority to trust, and its path. */
  readonly ca: string
  readonly caPath: string
}

interface CertificateOptions {
  /** Host names and addresses; `127.0.0.1`, `::1` and `localhost` unless told. */
  readonly names?: readonly string[]
  /** Ended yesterday. */
  readonly expired?: boolean
  readonly usage?: "server" | "client"
}

/** A certificate authority of its own in a temporary directory. */
export interface TestCa extends AsyncDisposable {
  readonly ca: string
  readonly caPath: string
  readonly directory: string
  certificate(options?: CertificateOptions): Promise<ServerCertificate>
}

/** Makes a private authority with the openssl command line tool. */
export async function testCa(name = "Entrepot test authority"): Promise<TestCa> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-ca-"))
  const caKey = join(directory, "ca.key")
  const caPath = join(directory, "ca.pem")
  ecKey(caKey)
  openssl("req", "-x509", "-new", "-key", caKey, "-out", caPath, "-days", "30", "-subj", `/CN=${name}`, "-sha256")
  const ca = await readFile(caPath, "utf8")
  let made = 0
  return {
    ca,
    caPath,
    directory,
    async certificate(options = {}) {
      const stem = join(directory, `certificate-${++made}`)
      const [keyPath, certPath, requestPath, extensions] = [`${stem}.key`, `${stem}.pem`, `${stem}.csr`, `${stem}.ext`]
      const names = options.names ?? ["127.0.0.1", "::1", "localhost"]
      ecKey(keyPath)
      openssl("req", "-new", "-key", keyPath, "-out", requestPath, "-subj", `/CN=${names[0]}`)
      await writeFile(
        extensions,
        [
          "basicConstraints=CA:FALSE",
          `extendedKeyUsage=${options.usage === "client" ? "clientAuth" : "serverAuth"}`,
          `subjectAltName=${names.map((each) => `${/^[0-9.]+$|:/.test(each) ? "IP" : "DNS"}:${each}`).join(",")}`,
          "",
        ].join("\n"),
      )
      const signing = ["x509", "-req", "-in", requestPath, "-CA", caPath, "-CAkey", caKey, "-out", certPath, "-sha256"]
      const serial = ["-set_serial", String(made + 1), "-extfile", extensions]
      openssl(...signing, ...serial, "-days", options.expired ? "-1" : "30")
      return {
        keyPath,
        certPath,
        caPath,
        ca,
        key: await readFile(keyPath, "utf8"),
        cert: await readFile(certPath, "utf8"),
      }
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

function ecKey(path: string): void {
  openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
}
