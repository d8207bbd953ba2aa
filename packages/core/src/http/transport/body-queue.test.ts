import { expect, test } from "vitest"
import { BodyQueue } from "./body-queue.ts"
import { get, serve, serveRaw, transport } from "./servers.fixture.ts"

const MiB = 1024 * 1024

/** A queue that counts how often it asks to pause, and whether it was left. */
function queue(length?: number) {
  const told = { paused: 0, resumed: 0, abandoned: 0 }
  const body = new BodyQueue({
    host: "registry.example.com",
    length,
    pause: () => told.paused++,
    resume: () => told.resumed++,
    abandon: () => told.abandoned++,
  })
  return { body, told }
}

async function collect(body: BodyQueue): Promise<Buffer[]> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk)
  return chunks
}

test("single bytes that wait become few chunks, in their order (S9)", async () => {
  const { body, told } = queue()
  for (let at = 0; at < MiB; at++) body.push(Buffer.of(at & 255))
  body.end()
  const chunks = await collect(body)
  expect(chunks.length).toBeLessThanOrEqual(65)
  expect(Buffer.concat(chunks).equals(Buffer.from(Array.from({ length: MiB }, (_, at) => at & 255)))).toBe(true)
  expect(told.paused).toBe(1)
})

test("small and large chunks keep their order, and a large one is not copied", async () => {
  const { body } = queue()
  const large = Buffer.alloc(8192, "L")
  for (const chunk of [Buffer.from("a"), Buffer.from("b"), large, Buffer.from("c")]) body.push(chunk)
  body.end()
  const chunks = await collect(body)
  expect(chunks.map(String)).toEqual(["ab", String(large), "c"])
  expect(chunks[1]).toBe(large)
})

test("bytes() takes exactly its limit, however it comes", async () => {
  for (const size of [1, 1000, 5000]) {
    for (const limit of [20_000, 19_999]) {
      const { body, told } = queue()
      for (let at = 0; at < 20_000; at += size) body.push(Buffer.alloc(size, at & 255))
      body.end()
      const read = body.bytes(limit)
      if (limit === 20_000) expect((await read).length).toBe(20_000)
      else await expect(read).rejects.toThrow("registry.example.com answered with more than 19999 bytes")
      expect(told.abandoned).toBe(0)
    }
  }
})

test("a length that is promised and never comes takes no more memory than the limit", async () => {
  const { body, told } = queue(10 ** 12)
  await expect(body.bytes(4 * MiB)).rejects.toThrow("more than 4194304 bytes")
  expect(told.abandoned).toBe(1)
})

test("a body of single-byte chunks is read within its limit, and costs no memory beyond it (S9)", async () => {
  const piece = Buffer.from("1\r\nx\r\n".repeat(20_000))
  const server = await serveRaw((socket) => {
    socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    const more = () => {
      while (!socket.destroyed && socket.write(piece));
    }
    socket.on("drain", more)
    more()
  })
  const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed
  const { body } = await transport().send(get(server.origin))
  await expect(body.bytes(512 * 1024)).rejects.toMatchObject({ code: "too_large" })
  const used = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before
  expect(used).toBeLessThan(64 * MiB)
})

test("a body that nobody wants and that drips costs its connection, and two seconds at most (S9)", async () => {
  let closed = false
  const server = await serve((_request, response) => {
    response.writeHead(302, { "content-length": 1000, location: "/" })
    const timer = setInterval(() => response.write("x"), 20)
    response.on("close", () => {
      closed = true
      clearInterval(timer)
    })
  })
  const { body } = await transport().send(get(server.origin))
  const started = performance.now()
  await body.discard()
  expect(performance.now() - started).toBeLessThan(4000)
  await expect.poll(() => closed).toBe(true)
})
