import { once } from "node:events"
import { createServer, request, type ServerResponse } from "node:http"
import { listenOnLoopback } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { EventStream, eventFrame } from "./event-stream.ts"

test("a client that left before its stream began holds nothing up", async () => {
  const server = createServer()
  const listening = await listenOnLoopback(server)
  onTestFinished(() => listening.close())
  const asked = once(server, "request")
  const client = request(listening.origin).on("error", () => undefined)
  client.end()
  const [, response] = (await asked) as [unknown, ServerResponse]
  const closed = once(response, "close")
  client.destroy()
  await closed
  const stream = new EventStream(response, { drainMs: 50 })
  expect(stream.left.aborted).toBe(true)
  expect(await stream.send(eventFrame({ type: "log", data: {} }))).toBe(false)
  stream.close()
})
