import { inspect } from "node:util"

/** User name and password, or a long-lived token to be exchanged for access tokens (OAuth2 refresh token). */
export type Credentials = PasswordCredentials | IdentityToken

/**
 * Looks up what is known for a registry: `host[:port]` as in its URL, and the repository in question, for sources that tell them
 * apart. Undefined when there is nothing: the request is then anonymous.
 * @throws TransferError when a source is there and cannot be read; never for "not found".
 */
export type CredentialSource = (host: string, repository?: string) => Promise<Credentials | undefined>

/** Cannot print itself: `util.inspect`, `String` and `JSON.stringify` show that there is a secret, not which (RELIABILITY S19). */
abstract class Secret {
  toString(): string {
    return "[redacted]"
  }

  toJSON(): string {
    return "[redacted]"
  }

  [inspect.custom](): string {
    return "[redacted]"
  }
}

export class PasswordCredentials extends Secret {
  readonly username: string
  readonly #password: string

  constructor(username: string, password: string) {
    super()
    this.username = username
    this.#password = password
  }

  get password(): string {
    return this.#password
  }
}

export class IdentityToken extends Secret {
  readonly #token: string

  constructor(token: string) {
    super()
    this.#token = token
  }

  get identityToken(): string {
    return this.#token
  }
}

/** Makes credentials of their plain form. A user named `<token>` is how credential helpers and Docker's file say "identity token". */
export function credentials(plain: { username: string; password: string } | { identityToken: string }): Credentials {
  if ("identityToken" in plain) return new IdentityToken(plain.identityToken)
  return plain.username === "<token>"
    ? new IdentityToken(plain.password)
    : new PasswordCredentials(plain.username, plain.password)
}

/** Value of an `Authorization: Basic` header. An identity token goes as the password of the user `<token>`. */
export function basicAuthorization(known: Credentials): string {
  const [username, password] = "identityToken" in known ? ["<token>", known.identityToken] : [known.username, known.password]
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`
}
