import { digestOf } from "../../content/digest.ts"
import type { ErrorCode } from "../../errors/error-code.ts"
import { isCancellation, isTransferError, type TransferError } from "../../errors/transfer-error.ts"
import { placed } from "./registry-error.ts"
import { type RemoteHttp, RepositoryClient } from "./repository-client.ts"
import { UploadRequests } from "./upload-session.ts"

const what = "the check"

/** One question to a target. `unknown`: an earlier answer left it open. */
export type CheckAnswer =
  | { readonly answer: "yes" }
  | { readonly answer: "unknown" }
  | { readonly answer: "no"; readonly code: ErrorCode; readonly status?: number; readonly hint?: string }

export interface TargetCheck {
  /** Something answers there. */
  readonly reachable: CheckAnswer
  /** Its certificate is accepted; `plain` where it speaks plain HTTP because it may. */
  readonly tls: CheckAnswer | { readonly answer: "plain" }
  /** It is a registry, and takes the credentials (or needs none). */
  readonly credentials: CheckAnswer
  /** An upload to the repository could be begun. Nothing is left behind. */
  readonly push: CheckAnswer
}

const yes = { answer: "yes" } as const
const unknown = { answer: "unknown" } as const

/**
 * Whether `repository` on `host` can be pushed to, or, with `push` false, whether `host` is there and knows us: one question after the other, each with its own answer. A class of what went wrong, never
 * a word of what the server sent (RELIABILITY S3).
 * @throws TransferError `cancelled`, nothing else.
 */
export async function checkTarget(
  http: RemoteHttp,
  host: string,
  repository: string,
  options: { readonly signal?: AbortSignal | undefined; readonly push?: boolean } = {},
): Promise<TargetCheck> {
  const check = new Check(new RepositoryClient({ host, repository, http, side: "target" }), http, options.signal)
  const root = await check.attempt(() => check.askRoot())
  if (root !== undefined) return fromRoot(root, check.tls)
  if (options.push === false) return { reachable: yes, tls: check.tls, credentials: yes, push: unknown }
  const push = await check.attempt(() => check.askPush())
  return { reachable: yes, tls: check.tls, credentials: yes, push: push === undefined ? yes : no(push) }
}

/** What a refusal of `GET /v2/` says. */
function fromRoot(error: TransferError, tls: TargetCheck["tls"]): TargetCheck {
  if (error.code === "tls") return { reachable: yes, tls: no(error), credentials: unknown, push: unknown }
  if (error.code === "unauthorized" || error.code === "forbidden") {
    return { reachable: yes, tls, credentials: no(error), push: unknown }
  }
  if (error.status === undefined && error.code !== "protocol") {
    return { reachable: no(error), tls: unknown, credentials: unknown, push: unknown }
  }
  return { reachable: yes, tls, credentials: unknown, push: no(error) }
}

class Check {
  tls: TargetCheck["tls"] = unknown
  readonly #client: RepositoryClient
  readonly #http: RemoteHttp
  readonly #signal: AbortSignal | undefined

  constructor(client: RepositoryClient, http: RemoteHttp, signal: AbortSignal | undefined) {
    this.#client = client
    this.#http = http
    this.#signal = signal
  }

  /** The error that `question` ended in, undefined for none. */
  async attempt(question: () => Promise<void>): Promise<TransferError | undefined> {
    try {
      await question()
      return undefined
    } catch (error) {
      if (isCancellation(error, this.#signal)) throw error
      return placed(error, this.#client.asked(what))
    }
  }

  /** distribution-spec, "Determining Support". */
  async askRoot(): Promise<void> {
    const base = await this.#http.baseUrl(this.#client.host)
    try {
      const response = await this.#client.send({ url: new URL("/v2/", base), origin: "configured" }, what, {
        method: "GET",
        scopes: [],
        retry: false,
        signal: this.#signal,
      })
      if (response.status !== 200) throw await this.#client.error(response, what)
      await response.body.discard()
      await this.#noteScheme()
    } catch (error) {
      if (isTransferError(error) && error.status !== undefined) await this.#noteScheme()
      throw error
    }
  }

  /** Known only after an answer: until then the scheme may be a guess. */
  async #noteScheme(): Promise<void> {
    const { protocol } = await this.#http.baseUrl(this.#client.host)
    this.tls = protocol === "https:" ? yes : { answer: "plain" }
  }

  async askPush(): Promise<void> {
    const uploads = new UploadRequests(this.#client, { digest: digestOf(Buffer.alloc(0)) })
    await uploads.cancel(await uploads.begin(this.#signal), 5_000)
  }
}

function no({ code, status, hint }: TransferError): CheckAnswer {
  return { answer: "no", code, ...(status === undefined ? {} : { status }), ...(hint === undefined ? {} : { hint }) }
}
