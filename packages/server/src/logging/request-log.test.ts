import { createServer, request as httpRequest } from "node:http"
import { listenOnLoopback } from "@entrepot/testing"
import { expect, test } from "vitest"
import { createLog } from "./create-log.ts"
import { logRequest } from "./request-log.ts"

/** Asks once, and returns the log's lines. */
async function linesOf(method: string, path: string, status: number): Promise<Record<string, unknown>[]> {
  const lines: string[] = []
  const log = createLog({ level: "debug", write: (line) => lines.push(line) })
  const server = createServer((request, response) => {
    logRequest(request, response, { log, whoIs: () => "admin" })
    response.statusCode = status
    response.end("x")
  })
  const { port, close } = await listenOnLoopback(server)
  await fetch(`http://127.0.0.1:${port}${path}`, { method }).then((answer) => answer.text())
  await close()
  return lines.map((line) => JSON.parse(line))
}

test.each([
  ["POST", "/api/auth/login?token=canary", 200, "info", "request"],
  ["GET", "/api/history?cursor=canary", 200, "debug", "request"],
  ["GET", "/api/history", 401, "info", "request"],
  ["GET", "/healthz", 503, "debug", "request"],
  ["GET", "/api/history", 500, "warn", "request failed"],
])("%s %s answered with %d is one line at its level", async (method, path, status, level, msg) => {
  const lines = await linesOf(method, path, status)
  expect(lines).toEqual([
    {
      level,
      time: expect.any(String),
      method,
      path: path.split("?")[0],
      status,
      ms: expect.any(Number),
      who: "admin",
      address: "127.0.0.1",
      msg,
    },
  ])
})

test("a client that leaves before the answer has ended is told apart", async () => {
  const lines: string[] = []
  const log = createLog({ level: "debug", write: (line) => lines.push(line) })
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const server = createServer((request, response) => {
    logRequest(request, response, { log })
    response.once("close", () => end())
    response.write("begun")
  })
  const { port, close } = await listenOnLoopback(server)
  httpRequest({ port, host: "127.0.0.1", path: "/api/jobs/1/events" }, (answer) =>
    answer.once("data", () => answer.destroy()),
  ).end()
  await ended
  await close()
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ path: "/api/jobs/1/events", status: 200, left: true })
})
