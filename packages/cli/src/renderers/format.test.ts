import { expect, test } from "vitest"
import { padEnd, printable, textWidth, truncate, truncateMiddle } from "./text-width.ts"

test("Chinese characters take two columns", () => {
  expect(textWidth("复制中 52%")).toBe(10)
  expect(padEnd("复制中", 8)).toBe("复制中  ")
})

test("a text that is cut never exceeds its columns, even when half a wide character would fit", () => {
  expect(truncate("正在推送到目标仓库", 8)).toBe("正在推…")
  expect(textWidth(truncate("正在推送到目标仓库", 8))).toBeLessThanOrEqual(8)
})

test("a name keeps its two ends", () => {
  expect(truncateMiddle("harbor.example.com/proxy/nginx:latest", 21)).toBe("harbor.exa…inx:latest")
})

test("control sequences in a name do not reach the terminal", () => {
  expect(printable("nginx\x1b[2J\nlatest\u202e")).toBe("nginx�[2J latest�")
})
