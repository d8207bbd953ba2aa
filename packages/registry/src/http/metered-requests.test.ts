import { once } from "node:events"
import { connect } from "node:net"
import { image } from "@entrepot/testing"
import { expect, test } from "vitest"
import type { AccessEntry } from "../access-log/access-entry.ts"
import { registryServer } from "./registry-server.fixture.ts"

test("the meter is told of every request that the access log would tell of, from memory or not, whether there is room in the log or not", async () => {
  const counted: AccessEntry[] = []
  const nothing = () => undefined
  const meter = {
    ...{ request: (entry: AccessEntry) => void counted.push(entry), upstreamAnswered: nothing, upstreamFailed: nothing },
    ...{ upstreamSent: nothing, upstreamUnhealthy: nothing, upstreamRecovered: nothing },
  }
  await using server = await registryServer({ meter, accessLog: undefined })
  await server.robot.push("open/app:v1", image({ seed: "app" }))
  await server.anyone.request("GET", "/v2/open/app/manifests/v1")
  const { parsed } = server
  counted.length = 0
  const socket = connect(server.port, "127.0.0.1")
  socket.write(`GET /v2/open/app/manifests/v1 HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`)
  await once(socket, "data")
  socket.destroy()
  expect(server.parsed).toBe(parsed)
  await server.anyone.request("HEAD", "/v2/open/app/manifests/v1")
  await server.anyone.request("GET", "/v2/open/app/manifests/none")
  await server.anyone.request("PUT", "/v2/team/app/manifests/v1")
  await server.as("stranger").request("GET", "/v2/auth?service=entrepot")
  await server.anyone.request("GET", "/v2/")
  await server.anyone.request("GET", "/v2/no/such/place")
  expect(counted.map(({ action, method, status, cache }) => `${action} ${method} ${status} ${cache}`)).toEqual([
    ...["pull GET 200 hit", "pull HEAD 200 hit", "pull GET 404 null", "push PUT 401 null", "login GET 200 null"],
  ])
  expect(server.entries).toEqual([])
})
