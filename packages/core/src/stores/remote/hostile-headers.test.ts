import { expect, test } from "vitest"
import { redact } from "../../errors/redact.ts"
import type { HttpResponse } from "../../http/http.ts"
import { parseChallenges } from "../../http/layers/challenge.ts"
import { retryAfterMs } from "../../http/layers/retry-after.ts"
import { nextLink } from "./pages.ts"
import { offsetOf } from "./upload-session.ts"

const size = 64 * 1024
const fill = (text: string, start = "", end = "") => start + text.repeat(Math.ceil(size / text.length)).slice(0, size) + end

/** 64 KiB that make a careless expression go back again and again (S10). */
const shapes: readonly string[] = [
  ...[
    " ",
    "\t ",
    ",",
    ", ",
    ";",
    "; ",
    "<",
    "<>",
    "<a>,",
    "<a>;",
    "=",
    '"',
    '\\"',
    "\\",
    "a",
    "a ",
    "0",
    "0-",
    "-",
    "eyJ",
    "eyJ.a.",
    "://",
    "a:b@",
  ],
  ...[
    "rel=",
    "; rel = ",
    '; rel="',
    "realm=",
    'Bearer realm="',
    "Basic ",
    "bytes ",
    "bytes 0-",
    '{"password":"',
    "password=",
    "auth:'",
    '\\"auth\\":\\"',
  ],
].flatMap((text) => [fill(text), fill(text, "<x>; "), fill(text, "bytes 0-1", "/x"), fill(text, 'Bearer realm="', "\n")])

const headersOf = (value: string) => ({ get: () => value, all: () => [value] })

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  "WWW-Authenticate": (text) => parseChallenges([text]),
  Link: (text) => nextLink({ headers: headersOf(text) } as unknown as HttpResponse),
  Range: (text) => offsetOf(text),
  "Retry-After": (text) => retryAfterMs(headersOf(text), 0),
  "an error message": (text) => redact(text),
}

// the bound is far above what linear reading takes, and far below what anything else does, also on a busy machine
const boundMs: Readonly<Record<string, number>> = { "an error message": 100 }

test.each(Object.entries(readers))("64 KiB of whatever in %s are read in no time (S10)", (name, read) => {
  for (const shape of shapes) {
    const bound = boundMs[name] ?? 5
    let fastest = Number.POSITIVE_INFINITY
    // Others may have the processor at any one time, but not each time.
    for (let tries = 0; tries < 20 && fastest >= bound; tries++) {
      const started = performance.now()
      read(shape)
      fastest = Math.min(fastest, performance.now() - started)
    }
    expect(fastest, JSON.stringify(shape.slice(0, 40))).toBeLessThan(bound)
  }
})
