import { expect, test } from "vitest"
import { parseByteRange, parseContentRange } from "./byte-range.ts"

test.for([
  ["bytes=0-99", { from: 0, to: 100 }],
  ["bytes=0-0", { from: 0, to: 1 }],
  ["bytes=999-999", { from: 999, to: 1000 }],
  ["bytes=500-", { from: 500, to: 1000 }],
  ["bytes=0-", { from: 0, to: 1000 }],
  ["bytes=-1", { from: 999, to: 1000 }],
  ["bytes=-1000", { from: 0, to: 1000 }],
  ["bytes=-5000", { from: 0, to: 1000 }],
  ["bytes=900-5000", { from: 900, to: 1000 }],
  ["Bytes = 1 - 2", { from: 1, to: 3 }],
  ["bytes=1000-", "unsatisfiable"],
  ["bytes=1000-2000", "unsatisfiable"],
  ["bytes=500-400", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  [undefined, "whole"],
  ["", "whole"],
  ["bytes=", "whole"],
  ["bytes=-", "whole"],
  ["bytes=0-1,5-6", "whole"],
  ["items=0-5", "whole"],
  ["bytes=a-b", "whole"],
  ["bytes=1e3-", "whole"],
  ["bytes=0-9999999999999999999999", "whole"],
  [`bytes=${"0".repeat(1000)}-1`, "whole"],
] as const)("of 1000 bytes, %s is %o", ([header, expected]) => {
  expect(parseByteRange(header, 1000)).toEqual(expected)
})

test("nothing of an empty blob can be a part", () => {
  expect(parseByteRange("bytes=0-", 0)).toBe("unsatisfiable")
  expect(parseByteRange("bytes=-5", 0)).toBe("unsatisfiable")
})

test.for([
  ["0-1023", { from: 0, to: 1024 }],
  ["1024-1024", { from: 1024, to: 1025 }],
  ["bytes 0-9/10", { from: 0, to: 10 }],
  ["bytes=0-9", { from: 0, to: 10 }],
  ["bytes 0-9/*", { from: 0, to: 10 }],
  ["9-0", undefined],
  ["0-", undefined],
  ["-5", undefined],
  ["", undefined],
  ["all", undefined],
] as const)("the Content-Range %s is %o", ([header, expected]) => {
  expect(parseContentRange(header)).toEqual(expected)
})
