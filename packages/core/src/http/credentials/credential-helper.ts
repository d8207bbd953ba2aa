import { execFile } from "node:child_process"
import { TransferError } from "../../errors/transfer-error.ts"
import { type Credentials, credentials } from "./credentials.ts"

export interface HelperOptions {
  /** Default 30,000: a keychain may ask its owner first. */
  readonly timeoutMs?: number
  /** Environment of the helper, which finds the helper through its PATH. Default: inherited. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** Most that is read of a helper's answer, bytes. */
const maxAnswer = 256 * 1024
const helperName = /^[A-Za-z0-9_-]+$/

/**
 * A program `docker-credential-NAME` (docker/docker-credential-helpers). It is run without a shell, and secrets go through its standard
 * input, never through its arguments.
 */
export class CredentialHelper {
  readonly name: string
  readonly #options: HelperOptions

  /** @throws TransferError `usage` for a name that is no plain word. */
  constructor(name: string, options: HelperOptions = {}) {
    if (!helperName.test(name))
      throw new TransferError("usage", `not the name of a credential helper: ${JSON.stringify(name.slice(0, 80))}`, {
        side: "local",
        hint: "letters, digits, - and _ only, as in docker-credential-NAME",
      })
    this.name = name
    this.#options = options
  }

  /** Undefined when the helper knows nothing. @throws TransferError `local_io`. */
  async get(key: string): Promise<Credentials | undefined> {
    const answer = await this.#run("get", key)
    if (answer === undefined) return undefined
    const parsed = parseAnswer(answer)
    if (!parsed) throw this.#failure("did not answer with a user name and a secret")
    return credentials({ username: parsed.username, password: parsed.secret })
  }

  /** @throws TransferError `local_io`. */
  async store(key: string, known: Credentials): Promise<void> {
    const [username, secret] = "identityToken" in known ? ["<token>", known.identityToken] : [known.username, known.password]
    await this.#run("store", JSON.stringify({ ServerURL: key, Username: username, Secret: secret }))
  }

  /** Erasing what is not there is no error. @throws TransferError `local_io`. */
  async erase(key: string): Promise<void> {
    await this.#run("erase", key)
  }

  #run(action: "get" | "store" | "erase", input: string): Promise<string | undefined> {
    const { timeoutMs = 30_000, env } = this.#options
    return new Promise((resolve, reject) => {
      const settings = { timeout: timeoutMs, maxBuffer: maxAnswer, encoding: "utf8", killSignal: "SIGKILL" } as const
      const child = execFile(
        `docker-credential-${this.name}`,
        [action],
        // Whoever brings Next asks for a NODE_ENV in every environment.
        { ...settings, ...(env && { env: { ...env } as NodeJS.ProcessEnv }) },
        (error, out) => {
          if (!error) return resolve(out)
          // The protocol has no code for this, only the sentence (docker-credential-helpers, credentials/error.go).
          if (/credentials not found/i.test(out)) return resolve(undefined)
          reject(this.#failure(describe(error, timeoutMs), error.code === "ENOENT"))
        },
      )
      // A helper that ends without reading its input is judged by its exit code.
      child.stdin?.on("error", () => undefined)
      child.stdin?.end(input)
    })
  }

  #failure(what: string, missing = false): TransferError {
    return new TransferError("local_io", `docker-credential-${this.name} ${what}`, {
      side: "local",
      hint: missing
        ? `install docker-credential-${this.name}, or take it out of Docker's config.json`
        : "run it by hand to see what is wrong",
    })
  }
}

/** Nothing of what the helper printed: it might be the secret. */
function describe(error: { code?: string | number | null; killed?: boolean | undefined }, timeoutMs: number): string {
  if (error.code === "ENOENT") return "is not installed"
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return `answered with more than ${maxAnswer} bytes`
  if (error.killed) return `did not answer within ${timeoutMs / 1000} s`
  return `failed (${error.code ?? "killed"})`
}

function parseAnswer(text: string): { username: string; secret: string } | undefined {
  try {
    const answer: unknown = JSON.parse(text)
    if (typeof answer !== "object" || answer === null || !("Username" in answer) || !("Secret" in answer)) return undefined
    const { Username: username, Secret: secret } = answer
    return typeof username === "string" && typeof secret === "string" ? { username, secret } : undefined
  } catch {
    return undefined
  }
}
