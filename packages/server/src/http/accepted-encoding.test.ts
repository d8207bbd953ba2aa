import { expect, test } from "vitest"
import { acceptedEncoding, type Encoding } from "./accepted-encoding.ts"

const all: readonly Encoding[] = ["br", "gzip", "identity"]

test.each<readonly [string | undefined, Encoding]>([
  [undefined, "identity"],
  ["", "identity"],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip, deflate", "gzip"],
  ["x-gzip", "gzip"],
  ["BR", "br"],
  ["br;q=0.1, gzip;q=0.9", "gzip"],
  ["br;q=0, gzip;q=0", "identity"],
  ["*", "br"],
  ["br;q=0, *;q=0.5", "gzip"],
  ["identity;q=1, br;q=0.5", "identity"],
  ["identity, br", "br"],
  ["identity;q=0", "identity"],
  ["zstd", "identity"],
  ["br;q=high, gzip", "gzip"],
  ["br;q=-1", "identity"],
  [`${"x,".repeat(5000)}br`, "identity"],
])("%j is answered in %s", (header, coding) => {
  expect(acceptedEncoding(header, all)).toBe(coding)
})

test("only what there is is chosen", () => {
  expect(acceptedEncoding("br, gzip", ["gzip", "identity"])).toBe("gzip")
  expect(acceptedEncoding("br, gzip", ["identity"])).toBe("identity")
})
