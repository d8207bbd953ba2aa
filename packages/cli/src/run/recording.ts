import { Worker } from "node:worker_threads"
import type { OutcomeEvent, TransferEvent } from "@entrepot/core"
import type { Context } from "../context.ts"
import type { ServerOptions } from "../options/server-options.ts"
import { printable } from "../renderers/text-width.ts"
import type { FromRecorder, RecordedRequest, RecorderSettings, ToRecorder } from "./recorder-messages.ts"
import type { Carry, CopyTask } from "./run-transfers.ts"

/** Writes down what copies of this process tell. It never delays or fails them; what goes wrong is one line when it is closed. */
export interface Recording extends AsyncDisposable {
  /** The same copies, recorded. `requestOf` says how each was asked for. */
  record(carry: Carry<CopyTask>, requestOf: (task: CopyTask) => RecordedRequest): Carry<CopyTask>
}

export interface RecordingOptions extends ServerOptions {
  /** False: not written down. */
  readonly history?: boolean
  /** Moves nothing, so that there is nothing to write down. */
  readonly dryRun?: true
}

/** How long a command that is done waits for its last words to be written. */
const patienceMs = 5_000

const nothing: Recording = {
  record: (carry) => carry,
  async [Symbol.asyncDispose]() {},
}

/** Begins to open the history beside whatever runs. A server has its own; and nothing is written where the person or the environment does not want it. */
export function startRecording({ history = true, dryRun, server }: RecordingOptions, context: Context): Recording {
  const { environment } = context
  const isHere = (server ?? environment.server ?? false) === false
  return isHere && history && !dryRun && environment.keepsHistory ? new RecordingThread(environment, context) : nothing
}

class RecordingThread implements Recording {
  readonly #context: Context
  readonly #worker: Worker
  readonly #ended: Promise<void>
  readonly #cancels = new Map<number, () => void>()
  #warning: string | undefined
  #copies = 0

  constructor({ variables, productRoot }: RecorderSettings, context: Context) {
    this.#context = context
    const settings: RecorderSettings = { variables: { ...variables }, productRoot }
    const worker = new Worker(new URL("./recorder/record-worker.js", import.meta.url), { workerData: settings })
    this.#worker = worker
    this.#ended = new Promise((resolve) => {
      worker.on("message", (message: FromRecorder) => {
        if (message.type === "closed") resolve()
        else if (message.type === "warning") this.#warning ??= message.message
        else this.#cancels.get(message.id)?.()
      })
      worker.on("error", (error) => {
        this.#warning ??= error.message
      })
      worker.on("exit", () => resolve())
    })
  }

  record(carry: Carry<CopyTask>, requestOf: (task: CopyTask) => RecordedRequest): Carry<CopyTask> {
    const begin = (task: CopyTask, signal: AbortSignal) => this.#recorded(carry, task, requestOf(task), signal)
    return begin
  }

  async *#recorded(
    carry: Carry<CopyTask>,
    task: CopyTask,
    request: RecordedRequest,
    signal: AbortSignal,
  ): AsyncGenerator<TransferEvent, OutcomeEvent> {
    const id = this.#copies++
    const cancel = new AbortController()
    this.#cancels.set(id, () => cancel.abort())
    this.#send({ type: "begin", id, request })
    const events = carry(task, AbortSignal.any([signal, cancel.signal]))
    for (;;) {
      const { done, value } = await events.next()
      if (done) {
        this.#send({ type: "end", id, outcome: value })
        this.#cancels.delete(id)
        return value
      }
      this.#send({ type: "event", id, event: value })
      yield value
    }
  }

  #send(message: ToRecorder): void {
    this.#worker.postMessage(message)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#copies === 0) {
      await this.#worker.terminate()
      return
    }
    this.#send({ type: "close" })
    let patience: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      patience = setTimeout(() => {
        this.#warning ??= "the database did not answer in time"
        resolve()
      }, patienceMs)
    })
    await Promise.race([this.#ended, late])
    clearTimeout(patience)
    await this.#worker.terminate()
    if (this.#warning === undefined) return
    const { say, stderr } = this.#context
    const reason = printable(this.#warning.split("\n").join(" "))
    stderr.write(`! ${say(`this run is not in the history: ${reason}`, `本次运行未记入历史：${reason}`)}\n`)
  }
}
