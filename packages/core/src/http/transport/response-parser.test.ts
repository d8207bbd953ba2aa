import { describe, expect, test } from "vitest"
import type { ResponseHead } from "./response-head.ts"
import { headLimit, ResponseParser } from "./response-parser.ts"

interface Parsed {
  head: ResponseHead | undefined
  body: string
  done: boolean
  /** Bytes behind the response. */
  rest: number
}

/** Parses `text` (Latin-1) in pieces of `step` bytes; `eof` ends the connection behind it. */
function parse(text: string, { method = "GET", step = text.length, eof = false } = {}): Parsed {
  const parsed: Parsed = { head: undefined, body: "", done: false, rest: 0 }
  const parser = new ResponseParser(method, "host", {
    head: (head) => {
      parsed.head = head
    },
    data: (chunk) => {
      expect(chunk.length).toBeGreaterThan(0)
      parsed.body += chunk.toString("latin1")
    },
    end: () => {
      parsed.done = true
    },
  })
  const bytes = Buffer.from(text, "latin1")
  for (let at = 0; at < bytes.length; at += step) {
    const piece = bytes.subarray(at, at + step)
    parsed.rest += piece.length - parser.push(piece)
  }
  if (eof) parser.eof()
  return parsed
}

const errorOf = (text: string, options?: Parameters<typeof parse>[1]) => {
  try {
    parse(text, { eof: true, ...options })
    return "accepted"
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as Error).message}`
  }
}

const ok = "HTTP/1.1 200 OK\r\n"

describe("responses that are understood", () => {
  const chunked = `${ok}Transfer-Encoding: Chunked\r\n\r\n4\r\nwiki\r\n5;x=y\r\npedia\r\n0\r\nX-Trailer: 1\r\n\r\n`

  test.each([1, 2, 3, 7, 1000])("in pieces of %s bytes", (step) => {
    expect(parse(`${ok}X-A: 1\r\nContent-Length: 5\r\n\r\nhello`, { step })).toMatchObject({ body: "hello", done: true, rest: 0 })
    expect(parse(chunked, { step })).toMatchObject({ body: "wikipedia", done: true, rest: 0 })
  })

  test("names are lowered, values trimmed, repeated headers kept", () => {
    const { head } = parse(`${ok}X-A: \t one \t\r\nx-a:two\r\nContent-Length: 0\r\n\r\n`)
    expect(head?.headers.all("x-a")).toEqual(["one", "two"])
    expect(head?.headers.get("x-a")).toBe("one")
    expect(head?.headers.get("x-b")).toBeUndefined()
  })

  test("a reason phrase may be absent or hold Latin-1", () => {
    expect(parse("HTTP/1.1 204\r\n\r\n").head?.status).toBe(204)
    expect(parse("HTTP/1.1 404 Nicht gefunden: ä\r\ncontent-length: 0\r\n\r\n").head?.status).toBe(404)
  })

  test("a body without framing lasts until the connection closes", () => {
    expect(parse(`${ok}\r\nall of it`)).toMatchObject({ body: "all of it", done: false })
    expect(parse(`${ok}\r\nall of it`, { eof: true })).toMatchObject({ body: "all of it", done: true })
  })

  test.each([
    ["HEAD", "200 OK", "Content-Length: 10\r\n"],
    ["HEAD", "200 OK", "Transfer-Encoding: chunked\r\n"],
    ["GET", "204 No Content", ""],
    ["GET", "304 Not Modified", "Content-Length: 10\r\n"],
    ["CONNECT", "200 OK", "Content-Length: 10\r\n"],
  ])("%s answered %s with %j has no body", (method, status, header) => {
    const parsed = parse(`HTTP/1.1 ${status}\r\n${header}\r\n`, { method })
    expect(parsed).toMatchObject({ body: "", done: true })
    expect(parsed.head?.framing).toEqual({ kind: "none" })
  })

  test("interim responses are skipped", () => {
    const interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    expect(parse(`${interim}${ok}Content-Length: 2\r\n\r\nok`, { step: 5 })).toMatchObject({ body: "ok", done: true })
  })

  test("bytes behind the response are not taken", () => {
    expect(parse(`${ok}Content-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n`)).toMatchObject({ body: "ok", rest: 17 })
    expect(parse(`${chunked}HTTP/1.1 200 OK\r\n`)).toMatchObject({ body: "wikipedia", rest: 17 })
  })

  test.each([
    ["HTTP/1.1", "", true],
    ["HTTP/1.1", "Connection: close\r\n", false],
    ["HTTP/1.1", "Connection: x, Close\r\n", false],
    ["HTTP/1.0", "", false],
    ["HTTP/1.0", "Connection: Keep-Alive\r\n", true],
  ])("%s with %j keeps the connection: %s", (version, header, keepAlive) => {
    expect(parse(`${version} 200 OK\r\nContent-Length: 0\r\n${header}\r\n`).head?.keepAlive).toBe(keepAlive)
  })

  test("the server's keep-alive time is read", () => {
    expect(parse(`${ok}Content-Length: 0\r\nKeep-Alive: max=5, timeout=7\r\n\r\n`).head?.keepAliveMs).toBe(7000)
    expect(parse(`${ok}Content-Length: 0\r\nKeep-Alive: timeout\r\n\r\n`).head?.keepAliveMs).toBeUndefined()
  })
})

describe("responses that two readers could understand differently are refused", () => {
  const twice = "protocol: host sent Content-Length more than once"
  const both = "protocol: host sent both Content-Length and Transfer-Encoding"
  const length = "protocol: host sent a malformed Content-Length"
  const coding = "protocol: host sent an unknown Transfer-Encoding"
  const header = "protocol: host sent a malformed header line"
  const size = "protocol: host sent a malformed chunk size"
  const bareLf = "network: host sent a malformed answer: a line that ends in a bare LF"
  const notHttp = "protocol: host sent something that is not HTTP"

  test.each([
    ["Content-Length: 5\r\nContent-Length: 6\r\n", twice],
    ["Content-Length: 5\r\nContent-Length: 5\r\n", twice],
    ["Content-Length: 5, 5\r\n", length],
    ["Content-Length: 5,6\r\n", length],
    ["Content-Length: +5\r\n", length],
    ["Content-Length: -1\r\n", length],
    ["Content-Length: 0x5\r\n", length],
    ["Content-Length: 5 5\r\n", length],
    ["Content-Length: 5.0\r\n", length],
    ["Content-Length:\r\n", length],
    ["Content-Length: 99999999999999999999\r\n", length],
    ["Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", both],
    ["Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", both],
    ["Transfer-Encoding: gzip, chunked\r\n", coding],
    ["Transfer-Encoding: chunked, chunked\r\n", coding],
    ["Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", coding],
    ["Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", coding],
    ["Transfer-Encoding: identity\r\n", coding],
    ["Transfer-Encoding: xchunked\r\n", coding],
    ['Transfer-Encoding: "chunked"\r\n', coding],
    ["Transfer-Encoding:\r\n", coding],
    ["Transfer-Encoding : chunked\r\n", header],
    ["Transfer\tEncoding: chunked\r\n", header],
    ["Content-Length : 5\r\n", header],
    [": 5\r\n", header],
    ["no colon\r\n", header],
    ["X-A: a\0b\r\n", header],
    ["X-A: a\x7fb\r\n", header],
    ["X-A: a\x0bb\r\n", header],
    ["X-A: 1\r\n folded\r\n", "protocol: host sent a folded header line"],
    ["X-A: 1\r\n\tContent-Length: 5\r\n", "protocol: host sent a folded header line"],
    ["X-A: 1\rContent-Length: 5\r\n", "protocol: host sent a bare CR in a line"],
    ["X-A: 1\nContent-Length: 5\r\n", bareLf],
    ["X-A: 1\n\r\n", bareLf],
    ["\n", bareLf],
  ])("header %j", (headers, error) => {
    expect(errorOf(`${ok}${headers}\r\nhello`)).toBe(error)
    expect(errorOf(`${ok}${headers}\r\nhello`, { step: 1 })).toBe(error)
  })

  test("Transfer-Encoding in HTTP/1.0", () => {
    expect(errorOf("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")).toBe(
      "protocol: host sent Transfer-Encoding in an HTTP/1.0 response",
    )
  })

  test("ambiguous framing of a HEAD answer", () => {
    expect(errorOf(`${ok}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`, { method: "HEAD" })).toBe(twice)
  })

  test.each([
    "HTTP/2.0 200 OK",
    "HTTP/1.2 200 OK",
    "http/1.1 200 OK",
    "HTTP/1.1  200 OK",
    "HTTP/1.1 20 OK",
    "HTTP/1.1 2000 OK",
    "HTTP/1.1 099 OK",
    " HTTP/1.1 200 OK",
    "HTTP/1.1 200 O\0K",
    "ICY 200 OK",
    "SSH-2.0-OpenSSH_9.6",
    "",
  ])("status line %j", (line) => {
    expect(errorOf(`${line}\r\n\r\n`)).toBe(notHttp)
  })

  test("a bare-LF 429 is worth another try, and noticed at its first line (hub-feedback #1907)", () => {
    expect(errorOf("HTTP/1.1 429 Too Many Requests\nRetry-After: 1\n\n", { eof: false })).toBe(bareLf)
  })

  test("a switch of protocols", () => {
    expect(errorOf("HTTP/1.1 101 Switching Protocols\r\n\r\n")).toBe("protocol: host switched protocols unasked")
  })

  const chunkedHead = `${ok}Transfer-Encoding: chunked\r\n\r\n`
  test.each([
    ["g\r\n", size],
    ["0x5\r\nhello\r\n0\r\n\r\n", size],
    ["-5\r\nhello\r\n0\r\n\r\n", size],
    ["+5\r\nhello\r\n0\r\n\r\n", size],
    [" 5\r\nhello\r\n0\r\n\r\n", size],
    ["5 \r\nhello\r\n0\r\n\r\n", size],
    ["5 ;a\r\nhello\r\n0\r\n\r\n", size],
    ["\r\n5\r\nhello\r\n", size],
    ["00000000000005\r\nhello\r\n", size],
    ["ffffffffffffffff\r\n", size],
    ["5;a\0\r\nhello\r\n", size],
    ["5;a=\rb\r\nhello\r\n", "protocol: host sent a bare CR in a line"],
    ["5\nhello\r\n0\r\n\r\n", bareLf],
    ["5\r\nhello\n0\r\n\r\n", bareLf],
    ["5\r\nhello\r\n0\n\n", bareLf],
    ["5\r\nhello!\r\n0\r\n\r\n", "protocol: host sent a chunk longer than its size"],
    [`5;${"x".repeat(9000)}\r\nhello\r\n`, "protocol: host sent a head over 8192 bytes"],
    [`0\r\n${"X-A: 1\r\n".repeat(2000)}\r\n`, "protocol: host sent a head over 8192 bytes"],
  ])("chunked body %j", (body, error) => {
    expect(errorOf(chunkedHead + body)).toBe(error)
    expect(errorOf(chunkedHead + body, { step: 1 })).toBe(error)
  })
})

describe("limits and early ends", () => {
  test("a head of exactly the limit passes, one byte more does not", () => {
    const head = (size: number) => {
      const fixed = `${ok}Content-Length: 0\r\nX: \r\n\r\n`
      return fixed.replace("X: ", `X: ${"y".repeat(size - fixed.length)}`)
    }
    expect(errorOf(head(headLimit), { step: 1000 })).toBe("accepted")
    expect(errorOf(head(headLimit + 1), { step: 1000 })).toBe("protocol: host sent a head over 65536 bytes")
  })

  test("a line that never ends is stopped at the limit", () => {
    expect(errorOf("x".repeat(headLimit + 1), { step: 4096 })).toBe("protocol: host sent a head over 65536 bytes")
  })

  test("interim responses without end are stopped at the limit", () => {
    expect(errorOf("HTTP/1.1 100 Continue\r\n\r\n".repeat(4000))).toBe("protocol: host sent a head over 65536 bytes")
  })

  test.each([
    ["", "network: host closed the connection before answering"],
    [ok, "network: host closed the connection before answering"],
    [`${ok}Content-Length: 5\r\n\r\n`, "network: host closed the connection after 0 of 5 bytes"],
    [`${ok}Content-Length: 5\r\n\r\nhell`, "network: host closed the connection after 4 of 5 bytes"],
    [`${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`, "network: host closed the connection after 3 bytes, before the end"],
    [
      `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
      "network: host closed the connection after 5 bytes, before the end",
    ],
    [
      `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n`,
      "network: host closed the connection after 5 bytes, before the end",
    ],
  ])("a connection that ends after %j", (text, error) => {
    expect(errorOf(text)).toBe(error)
  })
})
