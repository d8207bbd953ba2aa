import { expect, test } from "vitest"
import { readRequestHead } from "./request-head.ts"

const line = "GET /v2/team/app/manifests/1 HTTP/1.1\r\n"
const read = (text: string) => readRequestHead(Buffer.from(text, "latin1"))

test("a plain head is read", () => {
  expect(read(`${line}Host: 127.0.0.1:8080\r\nUser-Agent: containerd/1.6\r\nAccept: a/b, */*\r\n\r\n`)).toEqual({
    method: "GET",
    url: "/v2/team/app/manifests/1",
    headers: { host: "127.0.0.1:8080", "user-agent": "containerd/1.6", accept: "a/b, */*" },
  })
  expect(read("HEAD /v2/a/manifests/1?ns=docker.io HTTP/1.1\r\nhost:x\r\n\r\n")).toEqual({
    method: "HEAD",
    url: "/v2/a/manifests/1?ns=docker.io",
    headers: { host: "x" },
  })
})

test.each([
  ["another method", "PUT /v2/a/manifests/1 HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["another place", "GET /api/jobs HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["another version", "GET /v2/a/manifests/1 HTTP/1.0\r\nHost: x\r\n\r\n"],
  ["no host", `${line}Accept: a\r\n\r\n`],
  ["two hosts", `${line}Host: x\r\nHost: y\r\n\r\n`],
  ["two authorizations", `${line}Host: x\r\nAuthorization: a\r\nauthorization: b\r\n\r\n`],
  ["a length", `${line}Host: x\r\nContent-Length: 0\r\n\r\n`],
  ["chunks", `${line}Host: x\r\nTransfer-Encoding: chunked\r\n\r\n`],
  ["a space before the colon", `${line}Host: x\r\nTransfer-Encoding : chunked\r\n\r\n`],
  ["a name that is none", `${line}Host: x\r\nTransfer_Encoding: chunked\r\n\r\n`],
  ["a folded line", `${line}Host: x\r\nAccept: a\r\n b\r\n\r\n`],
  ["a bare line feed", `${line}Host: x\nContent-Length: 5\r\n\r\n`],
  ["a bare carriage return", `${line}Host: x\rContent-Length: 5\r\n\r\n`],
  ["a null", `${line}Host: x\0\r\n\r\n`],
  ["bytes beyond ASCII", `${line}Host: x\r\nAccept: \xe9\r\n\r\n`],
  ["a body", `${line}Host: x\r\n\r\nGET`],
  ["a second request", `${line}Host: x\r\n\r\n${line}Host: x\r\n\r\n`],
  ["half a head", `${line}Host: x\r\n`],
  ["a space in the target", "GET /v2/a b/manifests/1 HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["a wish for the connection", `${line}Host: x\r\nConnection: close\r\n\r\n`],
  ["a proxy's word", `${line}Host: x\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n`],
  ["a condition", `${line}Host: x\r\nIf-None-Match: "a"\r\n\r\n`],
  ["a long head", `${line}Host: x\r\nAccept: ${"a".repeat(9000)}\r\n\r\n`],
  ["a prototype's name without a host", `${line}__proto__: x\r\n\r\n`],
])("S11: %s is left to Node's parser", (_, text) => {
  expect(read(text)).toBeUndefined()
})
