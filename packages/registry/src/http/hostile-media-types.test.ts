import { once } from "node:events"
import { createServer } from "node:http"
import { connect } from "node:net"
import { mediaTypes } from "@entrepot/core"
import { listenOnLoopback } from "@entrepot/testing"
import { expect, test } from "vitest"
import { upstreamAt } from "../proxy/proxy.fixture.ts"
import { authorizationOf, errorOf, registryServer } from "./registry-server.fixture.ts"

const split = "application/x\r\nSet-Cookie: entrepot_session=stolen\r\nX-Rest: y"
const hostile = [
  split,
  "a/b\nX-Injected: 1",
  "a/b\r",
  "a/b\0",
  "a/b\u0100",
  "a/ b",
  "a",
  "/b",
  "",
  `a/${"b".repeat(300)}`,
  "a/b,c/d",
  '"a/b"',
]

/** Everything that a plain connection gets for these two requests, one after the other. */
async function twice(port: number, path: string): Promise<string> {
  const socket = connect(port, "127.0.0.1")
  let text = ""
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1")
  })
  const authorization = `Authorization: ${authorizationOf("robot")}`
  for (const connection of ["", "Connection: close\r\n"]) {
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: x\r\n${path.startsWith("/v2/team") ? `${authorization}\r\n` : ""}${connection}\r\n`,
    )
    await once(socket, connection === "" ? "data" : "close")
  }
  return text
}

test("S7, S11: a manifest that calls itself something that is no media type is not taken", async () => {
  await using server = await registryServer()
  for (const mediaType of hostile) {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, x: "y" }))
    const answer = await server.robot.request("PUT", "/v2/open/app/manifests/v1", {}, bytes)
    expect([mediaType, errorOf(answer)]).toEqual([mediaType, "400 MANIFEST_INVALID"])
    expect(await twice(server.port, "/v2/open/app/manifests/v1")).not.toMatch(/^(set-cookie|x-injected|x-rest)/im)
  }
  const huge = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: "a".repeat(1_000_000) }))
  const type = { "content-type": mediaTypes.ociManifest }
  expect((await server.robot.request("PUT", "/v2/open/app/manifests/v1", type, huge)).body.length).toBeLessThan(1000)
  for (const header of ["a/ b", "a", "/b", "a/b,c/d", "a/ü"]) {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2 }))
    const answer = await server.robot.request("PUT", "/v2/open/app/manifests/v1", { "content-type": header }, bytes)
    expect([header, errorOf(answer)]).toEqual([header, "400 MANIFEST_INVALID"])
  }
  expect(server.mistakes).toEqual([])
})

test("S7, S11: what an upstream's manifest calls itself is no part of an answer's head, and a small part of its body", async () => {
  let bytes = Buffer.alloc(0)
  let contentType: string | undefined
  const upstream = await listenOnLoopback(
    createServer((request, response) => {
      response.setHeader("content-length", bytes.length)
      if (contentType !== undefined) response.setHeader("content-type", contentType)
      response.end(request.method === "HEAD" ? undefined : bytes)
    }),
  )
  await using server = await registryServer({ upstreams: [upstreamAt(upstream)] })
  for (const [index, mediaType] of [...hostile, "a".repeat(1_000_000)].entries()) {
    for (const type of [undefined, mediaTypes.ociManifest]) {
      bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType }))
      contentType = type
      const text = await twice(server.port, `/v2/hub.test/app${index}${type === undefined ? "" : "-typed"}/manifests/v1`)
      expect(text.match(/HTTP\/1\.1 502 /g)).toHaveLength(2)
      expect(text.length).toBeLessThan(4000)
      expect(text).not.toMatch(/^(set-cookie|x-injected|x-rest)/im)
    }
  }
  expect(server.mistakes).toEqual([])
  await upstream.close()
})
