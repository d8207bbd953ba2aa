import { createServer, request as httpRequest, type IncomingMessage } from "node:http"
import { listenOnLoopback } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { sendChunks } from "./send-chunks.ts"

const chunk = "x".repeat(64 * 1024)

/** A server that sends what the maker makes, and how that ended: "done", or the error. */
async function serving(chunks: () => AsyncIterable<string>, drainMs?: number) {
  const left = new AbortController()
  let tell: (end: unknown) => void = () => undefined
  const ended = new Promise<unknown>((resolve) => {
    tell = resolve
  })
  const server = createServer((_, response) => {
    response.once("close", () => left.abort())
    sendChunks(response, 200, chunks(), { signal: left.signal, drainMs }).then(
      () => tell("done"),
      (error: unknown) => {
        if (!response.headersSent) response.writeHead(500).end()
        tell(error)
      },
    )
  })
  const { port, close } = await listenOnLoopback(server)
  onTestFinished(async () => {
    server.closeAllConnections()
    await close()
  })
  const answer = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest({ host: "127.0.0.1", port, agent: false }, resolve).once("error", reject).end()
    })
  return { ended, answer }
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = ""
  for await (const part of response) text += String(part)
  return text
}

test("text arrives whole and in its order", async () => {
  const { ended, answer } = await serving(async function* () {
    for (let index = 0; index < 5; index++) yield `${index}${chunk}`
  })
  expect(await textOf(await answer())).toBe([0, 1, 2, 3, 4].map((index) => `${index}${chunk}`).join(""))
  expect(await ended).toBe("done")
})

test("S22: nothing is made for a client that does not read, and the maker is told when it leaves", async () => {
  let made = 0
  let isTold = false
  const { ended, answer } = await serving(async function* () {
    try {
      for (; ; made++) yield chunk
    } finally {
      isTold = true
    }
  })
  const response = await answer()
  response.on("error", () => undefined)
  response.pause()
  // Whatever fits between the two is full once it stays the same for a while.
  let before = -1
  await expect
    .poll(
      () => {
        const isSame = before === made
        before = made
        return isSame && made > 0
      },
      { interval: 500, timeout: 60_000 },
    )
    .toBe(true)
  expect(isTold).toBe(false)
  response.destroy()
  expect(await ended).toBe("done")
  expect(isTold).toBe(true)
}, 90_000)

test("S22: who reads nothing for too long is cut off", async () => {
  const { ended, answer } = await serving(async function* () {
    for (;;) yield chunk
  }, 50)
  const response = await answer()
  response.on("error", () => undefined)
  response.pause()
  expect(await ended).toBe("done")
}, 60_000)

test("an error before the first byte is the caller's to answer", async () => {
  const next = () => Promise.reject(new Error("no database"))
  const { ended, answer } = await serving(() => ({ [Symbol.asyncIterator]: () => ({ next }) }))
  expect((await answer()).statusCode).toBe(500)
  expect(await ended).toEqual(new Error("no database"))
})

test("what fails in the middle is broken off, and never looks whole", async () => {
  const { ended, answer } = await serving(async function* () {
    yield "half"
    throw new Error("no database")
  })
  await expect(answer().then(textOf)).rejects.toThrow(/^(aborted|socket hang up)$/)
  expect(await ended).toEqual(new Error("no database"))
})
