import { expect, test } from "vitest"
import { formatBytes } from "./format-bytes.ts"

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.00 kB"],
  [15_700_000, "15.7 MB"],
  [999_600, "1.00 MB"],
  [142_000_000, "142 MB"],
  [1_073_741_824, "1.07 GB"],
])("%d bytes read %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})
