import { parentPort, workerData } from "node:worker_threads"
import type { OutcomeEvent, TransferEvent } from "@entrepot/core"
import { openLocalHistory } from "./run/local-history.ts"
import { PushedCopy } from "./run/pushed-copy.ts"
import type { FromRecorder, RecorderSettings, ToRecorder } from "./run/recorder-messages.ts"

/**
 * A thread that writes down what the copies of a command tell, so that neither loading a database nor waiting for its disk takes time from them.
 * Whatever goes wrong here is one warning.
 */
const port = parentPort
const copies = new Map<number, PushedCopy>()
const recordings: Promise<void>[] = []
let isWarned = false

const tell = (message: FromRecorder) => port?.postMessage(message)

function warn(message: string): void {
  if (isWarned) return
  isWarned = true
  tell({ type: "warning", message })
}

const opening = openLocalHistory({ environment: workerData as RecorderSettings }, warn).catch((error: unknown) => {
  warn(error instanceof Error ? error.message : String(error))
  return undefined
})

async function record(id: number, { request }: Extract<ToRecorder, { type: "begin" }>, copy: PushedCopy): Promise<void> {
  const history = await opening
  if (history === undefined) return
  const run = (signal: AbortSignal): AsyncGenerator<TransferEvent, OutcomeEvent> => {
    signal.addEventListener("abort", () => tell({ type: "cancel", id }), { once: true })
    return copy.events()
  }
  try {
    const events = history.record(request, run, new AbortController().signal)
    while (!(await events.next()).done);
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error))
  }
}

async function close(): Promise<void> {
  await Promise.all(recordings)
  await (await opening)?.close()
  tell({ type: "closed" })
  port?.close()
}

port?.on("message", (message: ToRecorder) => {
  if (message.type === "close") void close()
  else if (message.type === "begin") {
    const copy = new PushedCopy()
    copies.set(message.id, copy)
    recordings.push(record(message.id, message, copy))
  } else if (message.type === "event") copies.get(message.id)?.push(message.event)
  else copies.get(message.id)?.end(message.outcome)
})
