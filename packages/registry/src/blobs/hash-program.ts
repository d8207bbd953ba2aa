/** What a hash thread is told. `run` names a run for as long as it lives; `fd` is open in this process, which all threads share. */
export type ToHashThread =
  | { readonly type: "grow"; readonly run: number; readonly fd: number; readonly algorithm: string; readonly to: number }
  | { readonly type: "digest"; readonly run: number; readonly ask: number }
  | { readonly type: "end"; readonly run: number; readonly ask: number }

/** What it answers: hex for `digest`, nothing for `end`. */
export type FromHashThread = { readonly ask: number; readonly hex?: string; readonly code?: string; readonly failure?: string }

/**
 * The thread's program as text: so it starts alike from sources, under a test runner and out of a bundle. It hashes each run's file up to `to` in
 * small pieces, the runs in turn, and answers for a digest when it has come that far.
 */
export const hashProgram = `
const { parentPort } = require("node:worker_threads")
const { createHash } = require("node:crypto")
const { readSync } = require("node:fs")
const buffer = Buffer.allocUnsafeSlow(256 * 1024)
const runs = new Map()
let turning = false
function advance(run) {
  for (let piece = 0; piece < 8 && run.at < run.to && !run.error; piece++) {
    try {
      const length = readSync(run.fd, buffer, 0, Math.min(buffer.length, run.to - run.at), run.at)
      if (length === 0) throw new Error("the file ends at byte " + run.at + ", before byte " + run.to)
      run.hash.update(length === buffer.length ? buffer : buffer.subarray(0, length))
      run.at += length
    } catch (error) {
      run.error = error
    }
  }
  if (run.at < run.to && !run.error) return true
  for (const ask of run.asks.splice(0)) {
    if (run.error) parentPort.postMessage({ ask, code: run.error.code, failure: run.error.message })
    else parentPort.postMessage({ ask, hex: run.hash.copy().digest("hex") })
  }
  return false
}
function turn() {
  turning = false
  let more = false
  for (const run of runs.values()) more = advance(run) || more
  if (more) schedule()
}
function schedule() {
  if (turning) return
  turning = true
  setImmediate(turn)
}
parentPort.on("message", (message) => {
  const run = runs.get(message.run)
  if (message.type === "grow") {
    if (run) run.to = message.to
    else runs.set(message.run, { fd: message.fd, hash: createHash(message.algorithm), at: 0, to: message.to, asks: [] })
    schedule()
  } else if (message.type === "digest") {
    run.asks.push(message.ask)
    schedule()
  } else {
    if (run) for (const ask of run.asks) parentPort.postMessage({ ask, failure: "stopped" })
    runs.delete(message.run)
    parentPort.postMessage({ ask: message.ask })
  }
})
`
