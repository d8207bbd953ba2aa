import { createPrivateKey, sign as cryptoSign, type KeyObject, randomUUID, X509Certificate } from "node:crypto"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { listenOnLoopback } from "../listen.ts"
import { openssl } from "./openssl.ts"

export interface Access {
  readonly type: string
  readonly name: string
  readonly actions: readonly string[]
}

interface TokenRequest {
  /** Name that the client gave, undefined when anonymous. */
  readonly user: string | undefined
  readonly accepted: boolean
  readonly scopes: readonly string[]
}

export interface SigningTokenServerOptions {
  /** Passwords by name; everyone may pull and push everything unless `grant` says otherwise. */
  readonly users: Readonly<Record<string, string>>
  /** Actions that a user (undefined: anonymous) gets on a scope that was asked for; none to leave it out. */
  readonly grant?: (user: string | undefined, access: Access) => readonly string[]
  readonly expiresInSeconds?: number
}

/** A token server that a real registry trusts by certificate (RS256 with x5c). */
export interface SigningTokenServer extends AsyncDisposable {
  readonly realm: string
  readonly service: string
  readonly issuer: string
  /** Certificate for the registry's `rootcertbundle`. */
  readonly certPath: string
  readonly requests: readonly TokenRequest[]
  /** A token for this access, without asking anyone. */
  sign(access: readonly Access[], subject?: string): string
}

/** Starts a token server (distribution, `spec/auth/token.md`) with a key of its own on 127.0.0.1. */
export async function signingTokenServer(options: SigningTokenServerOptions): Promise<SigningTokenServer> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-token-"))
  const [keyPath, certPath] = [join(directory, "key.pem"), join(directory, "cert.pem")]
  openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", keyPath)
  openssl("req", "-x509", "-new", "-key", keyPath, "-out", certPath, "-days", "30", "-subj", "/CN=token server", "-sha256")
  const key = createPrivateKey(await readFile(keyPath))
  const x5c = [new X509Certificate(await readFile(certPath)).raw.toString("base64")]
  const [service, issuer] = ["test registry", "test token server"]
  const lifetime = options.expiresInSeconds ?? 300
  const requests: TokenRequest[] = []
  const sign = (access: readonly Access[], subject = "") =>
    jwt(key, x5c, { iss: issuer, aud: service, sub: subject, jti: randomUUID(), access, ...validity(lifetime) })

  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? "/", "http://token")
    const scopes = url.searchParams.getAll("scope").flatMap((scope) => scope.split(" "))
    const credentials = basicCredentials(incoming.headers.authorization)
    const accepted = credentials === undefined || options.users[credentials.user] === credentials.password
    requests.push({ user: credentials?.user, accepted, scopes })
    outgoing.setHeader("content-type", "application/json")
    if (incoming.method !== "GET") return void outgoing.writeHead(404).end("{}")
    if (!accepted) {
      outgoing.writeHead(401)
      return void outgoing.end(JSON.stringify({ errors: [{ code: "UNAUTHORIZED", message: "incorrect username or password" }] }))
    }
    const access = scopes.map(parseScope).flatMap((each) => {
      const actions = each ? (options.grant?.(credentials?.user, each) ?? (credentials ? each.actions : [])) : []
      return each && actions.length > 0 ? [{ ...each, actions }] : []
    })
    outgoing.end(JSON.stringify({ token: sign(access, credentials?.user), expires_in: lifetime }))
  })
  const { origin, close } = await listenOnLoopback(server)
  return {
    realm: `${origin}/token`,
    service,
    issuer,
    certPath,
    requests,
    sign,
    async [Symbol.asyncDispose]() {
      await close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** `repository:127.0.0.1:5000/name:pull,push`: the name may hold colons (distribution, `spec/auth/scope.md`). */
export function parseScope(scope: string): Access | undefined {
  const first = scope.indexOf(":")
  const last = scope.lastIndexOf(":")
  if (first < 0 || last === first) return undefined
  return { type: scope.slice(0, first), name: scope.slice(first + 1, last), actions: scope.slice(last + 1).split(",") }
}

export function basicCredentials(authorization: string | undefined): { user: string; password: string } | undefined {
  if (!authorization?.startsWith("Basic ")) return undefined
  const text = Buffer.from(authorization.slice(6), "base64").toString()
  const colon = text.indexOf(":")
  return { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

function validity(lifetimeSeconds: number): { iat: number; nbf: number; exp: number } {
  const now = Math.floor(Date.now() / 1000)
  return { iat: now, nbf: now - 10, exp: now + lifetimeSeconds }
}

function jwt(key: KeyObject, x5c: readonly string[], claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const signed = `${part({ typ: "JWT", alg: "RS256", x5c })}.${part(claims)}`
  return `${signed}.${cryptoSign("sha256", Buffer.from(signed), key).toString("base64url")}`
}
