import { randomBytes } from "node:crypto"
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http"
import { brotliDecompressSync, createBrotliDecompress, gunzipSync } from "node:zlib"
import { listenOnLoopback } from "@entrepot/testing"
import { describe, expect, onTestFinished, test } from "vitest"
import { compressAnswer } from "./compress-answer.ts"

type Answerer = (response: ServerResponse, request: IncomingMessage) => void

async function serve(answer: Answerer): Promise<number> {
  const server = createServer((incoming, response) => {
    compressAnswer(incoming, response)
    answer(response, incoming)
  })
  const { port, close } = await listenOnLoopback(server)
  onTestFinished(close)
  return port
}

function ask(port: number, headers: Readonly<Record<string, string>> = {}, method = "GET"): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, method, headers, agent: false }, resolve).once("error", reject).end()
  })
}

async function bodyOf(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function asked(answer: Answerer, headers: Readonly<Record<string, string>> = {}, method = "GET") {
  const got = await ask(await serve(answer), headers, method)
  return { status: got.statusCode, headers: got.headers, body: await bodyOf(got) }
}

const page = `<html>${"<p>an image goes from here to there</p>".repeat(200)}</html>`
const html: Answerer = (response) => {
  response.setHeader("content-type", "text/html; charset=utf-8")
  response.end(page)
}

describe("a page is sent", () => {
  test("by brotli to who takes it", async () => {
    const { headers, body } = await asked(html, { "accept-encoding": "gzip, deflate, br" })
    expect(headers).toMatchObject({ "content-encoding": "br", vary: "Accept-Encoding", "content-length": String(body.length) })
    expect(body.length).toBeLessThan(page.length / 10)
    expect(brotliDecompressSync(body).toString()).toBe(page)
  })

  test("by gzip to who takes that alone", async () => {
    const { headers, body } = await asked(html, { "accept-encoding": "gzip" })
    expect(headers).toMatchObject({ "content-encoding": "gzip", vary: "Accept-Encoding", "content-length": String(body.length) })
    expect(gunzipSync(body).toString()).toBe(page)
  })

  test("as it is to everybody else, and caches are told that there are others", async () => {
    const { headers, body } = await asked(html)
    expect(headers["content-encoding"]).toBeUndefined()
    expect(headers).toMatchObject({ vary: "Accept-Encoding", "content-length": String(page.length) })
    expect(body.toString()).toBe(page)
  })

  test("with a length that is true, and without an ETag that promises the same bytes", async () => {
    const { headers, body } = await asked(
      (response) => {
        response.setHeader("vary", "rsc")
        response.writeHead(200, { "content-type": "text/x-component", "content-length": page.length, etag: '"a"' })
        response.end(page)
      },
      { "accept-encoding": "br" },
    )
    expect(headers).toMatchObject({
      etag: 'W/"a"',
      vary: "rsc, Accept-Encoding",
      "content-type": "text/x-component",
      "content-length": String(body.length),
    })
    expect(brotliDecompressSync(body).toString()).toBe(page)
  })
})

test("what was written reaches the client before the rest is known", async () => {
  let finish = () => {}
  const port = await serve((response) => {
    response.setHeader("content-type", "text/html")
    response.flushHeaders()
    response.write("<p>the first part</p>")
    finish = () => response.end("<p>the last</p>")
  })
  const answer = await ask(port, { "accept-encoding": "br" })
  const plain = answer.pipe(createBrotliDecompress()).setEncoding("utf8")
  const parts: string[] = []
  for await (const part of plain) {
    parts.push(part)
    finish()
  }
  expect(parts).toEqual(["<p>the first part</p>", "<p>the last</p>"])
})

test.each(["br", "gzip", "identity"])(
  "parts of every size arrive whole and in order by %s, at the client's own pace",
  async (encoding) => {
    const parts = Array.from({ length: 60 }, (_, index) => Buffer.alloc(1 + index * 3001, `${index}|${Math.sin(index)}|`))
    const port = await serve(async (response) => {
      response.setHeader("content-type", "text/html")
      for (const part of parts) {
        if (!response.write(part)) await new Promise((resolve) => response.once("drain", resolve))
      }
      response.end()
    })
    const answer = await ask(port, { "accept-encoding": encoding })
    answer.pause()
    await new Promise((resolve) => setImmediate(resolve))
    const body = await bodyOf(answer)
    const read = { br: brotliDecompressSync, gzip: gunzipSync, identity: (text: Buffer) => text }[encoding]
    expect(read?.(body).equals(Buffer.concat(parts))).toBe(true)
  },
)

describe("left as it is", () => {
  const takes = { "accept-encoding": "br, gzip" }
  const as =
    (type: string, more: Readonly<Record<string, string>> = {}): Answerer =>
    (response) => {
      response.writeHead(200, { "content-type": type, ...more })
      response.end(page)
    }

  test.each([
    ["a picture", as("image/png")],
    ["what names no type", ((response) => void response.end(page)) satisfies Answerer],
    ["what is compressed", as("text/html", { "content-encoding": "zstd" })],
  ] as const)("is %s", async (_, answer) => {
    const { headers, body } = await asked(answer, takes)
    expect(headers["content-encoding"]).not.toBe("br")
    expect(headers.vary).toBeUndefined()
    expect(body.toString()).toBe(page)
  })

  test("is what is short", async () => {
    const { headers, body } = await asked((response) => {
      response.setHeader("content-type", "text/html")
      response.end("short")
    }, takes)
    expect(headers).toMatchObject({ "content-length": "5", vary: "Accept-Encoding" })
    expect([headers["content-encoding"], body.toString()]).toEqual([undefined, "short"])
  })

  test.each([204, 304])("is status %i, which has no body", async (status) => {
    const answer = await asked((response) => {
      response.writeHead(status, { "content-type": "text/html" })
      response.end()
    }, takes)
    expect([answer.status, answer.headers["content-encoding"], answer.body.length]).toEqual([status, undefined, 0])
  })

  test("is what gets no smaller", async () => {
    const noise = randomBytes(5000)
    const { headers, body } = await asked((response) => {
      response.setHeader("content-type", "text/plain")
      response.end(noise)
    }, takes)
    expect(headers).toMatchObject({ "content-length": "5000", vary: "Accept-Encoding" })
    expect([headers["content-encoding"], body.equals(noise)]).toEqual([undefined, true])
  })

  test.each([
    ["an event stream", as("text/event-stream; charset=utf-8")],
    ["what sets a cookie", as("text/html", { "set-cookie": "entrepot_session=x" })],
  ] as const)("is %s, since its length tells of what stands in it", async (_, answer) => {
    const { headers, body } = await asked(answer, takes)
    expect(headers["content-encoding"]).toBeUndefined()
    expect(body.toString()).toBe(page)
  })
})

describe("HEAD is told what GET is", () => {
  const declaring: Answerer = (response) => {
    response.writeHead(200, { "content-type": "text/html", "content-length": page.length })
    response.end()
  }
  const short: Answerer = (response) => {
    response.writeHead(200, { "content-type": "text/html", "content-length": 5 })
    response.end()
  }
  const parts: Answerer = (response) => {
    response.setHeader("content-type", "text/html")
    response.flushHeaders()
    response.end()
  }

  test.each(["br", "gzip", "identity"])("with its length where all of it is known, by %s", async (coding) => {
    const takes = { "accept-encoding": coding }
    const got = await asked(html, takes)
    const { headers, body } = await asked(html, takes, "HEAD")
    for (const name of ["content-encoding", "content-length", "vary"])
      expect([name, headers[name]]).toEqual([name, got.headers[name]])
    expect([headers["content-length"], body.length]).toEqual([String(got.body.length), 0])
  })

  test.each([
    ["a length that is another's once it is compressed is left out", declaring, undefined, "br"],
    ["a short one is what it is", short, "5", undefined],
    ["parts have none", parts, undefined, "br"],
  ] as const)("%s", async (_, answer, length, coding) => {
    const { headers, body } = await asked(answer, { "accept-encoding": "br" }, "HEAD")
    expect([headers["content-length"], headers["content-encoding"], headers.vary]).toEqual([length, coding, "Accept-Encoding"])
    expect(body.length).toBe(0)
  })
})

test("a first part that the end follows at once is whole: its length is told, and short ones stay as they are", async () => {
  const written =
    (text: string): Answerer =>
    async (response) => {
      response.setHeader("content-type", "application/json")
      response.write(text)
      await Promise.resolve()
      response.end()
    }
  const long = await asked(written(page), { "accept-encoding": "br" })
  expect([long.headers["content-encoding"], long.headers["content-length"]]).toEqual(["br", String(long.body.length)])
  expect(brotliDecompressSync(long.body).toString()).toBe(page)
  const short = await asked(written("{}"), { "accept-encoding": "br" })
  expect([short.headers["content-encoding"], short.headers["content-length"], short.body.toString()]).toEqual([
    undefined,
    "2",
    "{}",
  ])
})

test.each(["GET", "HEAD"])(
  "a framework that sets no header any more once they count as sent leaves %s told of the coding",
  async (method) => {
    const framework =
      (answer: Answerer): Answerer =>
      (response, request) => {
        const { setHeader } = response
        response.setHeader = (name, value) => (response.headersSent ? response : setHeader.call(response, name, value))
        answer(response, request)
      }
    const inParts: Answerer = (response) => {
      response.setHeader("content-type", "text/html")
      response.write(page)
      setImmediate(() => response.end())
    }
    for (const answer of [html, inParts]) {
      const { headers } = await asked(framework(answer), { "accept-encoding": "br" }, method)
      expect(headers).toMatchObject({ "content-encoding": "br", vary: "Accept-Encoding" })
    }
  },
)

test("S22: no more is taken of a writer than the client reads, however often the connection drains", async () => {
  const part = randomBytes(1 << 20)
  let written = 0
  const port = await serve(async (response) => {
    let isOver = false
    response.once("close", () => {
      isOver = true
      response.emit("over")
    })
    response.writeHead(200, { "content-type": "text/plain" })
    while (!isOver) {
      written += part.length
      if (response.write(part)) continue
      await new Promise<void>((resolve) => {
        const go = () => {
          response.off("drain", go).off("over", go)
          resolve()
        }
        response.on("drain", go).on("over", go)
      })
    }
  })
  const answer = await ask(port, { "accept-encoding": "gzip" })
  answer.on("error", () => undefined)
  const iterator = answer[Symbol.asyncIterator]()
  let read = 0
  while (read < 24 << 20) {
    const { value, done } = await iterator.next()
    if (done === true) break
    read += value.length
    // What the system's own buffers hold is a few megabytes.
    expect(written - read).toBeLessThan(24 << 20)
  }
  expect(read).toBeGreaterThanOrEqual(24 << 20)
  answer.destroy()
}, 60_000)

test("a client that leaves in the middle ends the answer", async () => {
  let closed: Promise<void> | undefined
  const port = await serve((response) => {
    closed = new Promise((resolve) => response.once("close", resolve))
    response.setHeader("content-type", "text/html")
    response.write(page)
  })
  const answer = await ask(port, { "accept-encoding": "br" })
  answer.destroy()
  await closed
})

test("the end is told to whoever asked for it, once, and ending twice is no error", async () => {
  let told = 0
  const { body } = await asked(
    (response) => {
      response.setHeader("content-type", "text/html")
      response.write(page)
      response.end("!", () => told++)
      response.end()
    },
    { "accept-encoding": "gzip" },
  )
  expect(gunzipSync(body).toString()).toBe(`${page}!`)
  expect(told).toBe(1)
})
