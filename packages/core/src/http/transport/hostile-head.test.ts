import { expect, test } from "vitest"
import { headLimit, ResponseParser } from "./response-parser.ts"

/** A head just below the limit, whose one header has this value. */
function headWith(fill: (length: number) => string, name = "x-filled"): Buffer {
  const start = `HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${name}: `
  return Buffer.from(`${start}${fill(headLimit - start.length - 4)}\r\n\r\n`, "latin1")
}

const repeated = (text: string) => (length: number) => text.repeat(Math.ceil(length / text.length)).slice(0, length)

const fills: readonly (readonly [string, (length: number) => string])[] = [
  ["blanks between two words", (length) => `a${" ".repeat(length - 2)}b`],
  ["tabs and blanks between two words", (length) => `a${repeated(" \t")(length - 2)}b`],
  ["nothing but blanks", repeated(" ")],
  ["commas", repeated(",")],
  ["quotes", repeated('"')],
  ["words", repeated("ab ")],
]

function millisecondsFor(head: Buffer): number {
  const parse = () => {
    let status = 0
    const parser = new ResponseParser("GET", "h.example", {
      head: (read) => {
        status = read.status
      },
      data: () => undefined,
      end: () => undefined,
    })
    const started = performance.now()
    parser.push(head)
    const took = performance.now() - started
    expect(status).toBe(200)
    return took
  }
  return Math.min(...Array.from({ length: 5 }, parse))
}

test.each(fills)("a head of 64 KiB of %s is read in less than 5 ms (S10)", (_, fill) => {
  expect(millisecondsFor(headWith(fill))).toBeLessThan(5)
})

test.each(["connection", "keep-alive", "content-encoding", "link"])(
  "a %s header of 64 KiB is read in less than 100 ms (S10)",
  (name) => {
    for (const [, fill] of fills) expect(millisecondsFor(headWith(fill, name))).toBeLessThan(100)
  },
)

test("a head of 16,000 small headers is read in less than 150 ms (S10)", () => {
  const head = `HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${"a:\r\n".repeat(16_000)}\r\n`
  expect(millisecondsFor(Buffer.from(head))).toBeLessThan(150)
})
