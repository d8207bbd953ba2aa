import { describe, expect, it } from "vitest"
import { type DaemonMessage, readDaemonMessages } from "./daemon-messages.ts"

async function read(...chunks: readonly (Buffer | string)[]): Promise<DaemonMessage[]> {
  async function* stream() {
    yield* chunks
  }
  const messages: DaemonMessage[] = []
  for await (const message of readDaemonMessages(stream())) messages.push(message)
  return messages
}

const lines = [
  '{"status":"Pulling from library/one","id":"1"}',
  '{"status":"Downloading","progressDetail":{"current":36445,"total":3000000},"progress":"[\\u003e ] 36.45kB/3MB","id":"2fcb079115ee"}',
  '{"status":"拉取"}',
  '{"errorDetail":{"code":1,"message":"no basic auth credentials"},"error":"no basic auth credentials"}',
  '{"progressDetail":{},"aux":{"Tag":"1","Digest":"sha256:20c7","Size":733}}',
]
const messages = [
  { status: "Pulling from library/one", id: "1" },
  { status: "Downloading", id: "2fcb079115ee", current: 36445, total: 3_000_000 },
  { status: "拉取" },
  { error: "no basic auth credentials" },
  { pushed: { digest: "sha256:20c7", size: 733 } },
]

describe("readDaemonMessages", () => {
  it("reads lines wherever they are cut, inside a character too", async () => {
    const bytes = Buffer.from(`${lines.join("\r\n")}\n`)
    for (let at = 0; at <= bytes.length; at++) {
      expect(await read(bytes.subarray(0, at), bytes.subarray(at))).toEqual(messages)
    }
  })

  it("reads a last line without an end", async () => {
    expect(await read(lines.join("\n"))).toEqual(messages)
  })

  it.each([
    ['{"error":"","errorDetail":{}}', ""],
    ['{"error":"only this"}', "only this"],
    ['{"errorDetail":{"message":"only that"}}', "only that"],
    ['{"errorDetail":null,"error":null}', ""],
  ])("takes %s for a failure", async (line, error) => {
    expect(await read(line)).toEqual([{ error }])
  })

  it("refuses what is no JSON, and a line without end", async () => {
    await expect(read("<html>\n")).rejects.toThrow("Docker: a line of the progress is not JSON")
    await expect(read("x".repeat(1024 * 1024 + 1))).rejects.toThrow("Docker: a line of the progress has no end")
  })
})
