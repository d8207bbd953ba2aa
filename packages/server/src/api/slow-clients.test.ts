import { connect, type Socket } from "node:net"
import { expect, onTestFinished, test } from "vitest"
import { askServer, newToken, testApi } from "./api.fixture.ts"
import { furnish } from "./rights-trials.fixture.ts"

const promisedMs = 200

test("S22: 500 slow sockets hold up neither the health check nor a login", { timeout: 60_000 }, async () => {
  const api = await testApi({ configuration: { streams: { perCredential: 200, total: 500 } } })
  const as = await api.admin()
  const { userId } = await api.actorOf(as)
  const { job } = await furnish(api.runtime, userId)
  const beginnings = [
    "GET /api/history HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
    `GET /api/jobs/${job}/events HTTP/1.1\r\nHost: ${api.host}\r\nOrigin: ${api.origin}\r\nCookie: ${as}\r\n\r\n`,
  ]
  const sockets: Socket[] = []
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  const opened = await Promise.all(
    Array.from({ length: 500 }, (_, i) => {
      const socket = connect({ port: api.port, host: "127.0.0.1", localAddress: `127.0.0.${2 + (i % 10)}` })
      sockets.push(socket)
      socket.on("error", () => undefined)
      socket.pause()
      return new Promise<boolean>((resolve) => {
        socket.once("connect", () => {
          socket.write(beginnings[i % 3] ?? "")
          resolve(true)
        })
        socket.once("close", () => resolve(false))
      })
    }),
  )
  expect(opened.filter(Boolean).length).toBe(500)
  const dribble = setInterval(() => {
    for (const [i, socket] of sockets.entries()) if (i % 3 !== 2) socket.write("x")
  }, 100)
  onTestFinished(() => clearInterval(dribble))
  const took = { health: [] as number[], login: [] as number[] }
  for (let i = 0; i < 15; i++) {
    took.health.push(await timed(api.origin, "GET /healthz"))
    took.login.push(await timed(api.origin, "POST /api/auth/login", { token: newToken }))
  }
  expect(median(took.health)).toBeLessThan(promisedMs)
  expect(median(took.login)).toBeLessThan(promisedMs)
  const connections = await new Promise<number>((resolve) => api.server.getConnections((_, count) => resolve(count)))
  expect(connections).toBeGreaterThan(300)
})

async function timed(origin: string, line: string, body?: unknown): Promise<number> {
  const started = performance.now()
  const { status } = await askServer(origin, line, body === undefined ? {} : { body })
  expect(status).toBe(200)
  return performance.now() - started
}

/** Of a machine that runs other tests beside this one, the middle says more than the worst. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.POSITIVE_INFINITY
}
