import { expect, test } from "vitest"
import { csvRow } from "./csv-row.ts"

test("a row has its cells between commas, and quotes where one needs them (RFC 4180)", () => {
  expect(csvRow(["a", 1, true, null, "b,c", 'say "hi"', "two\nlines", "代理成功", ""])).toBe(
    'a,1,true,,"b,c","say ""hi""","two\nlines",代理成功,\r\n',
  )
})

test.each([
  ["=1+1", "'=1+1"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", "'\t=1"],
  ["\r=1", `"'\r=1"`],
  ["\n=1", `"'\n=1"`],
  ["＝1+1", "'＝1+1"],
  ["＠SUM(A1)", "'＠SUM(A1)"],
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
])("S18: what a spreadsheet would calculate is text: %j", (text, cell) => {
  expect(csvRow([text])).toBe(`${cell}\r\n`)
})

test("numbers are numbers, negative ones too", () => {
  expect(csvRow([-1, 0.5])).toBe("-1,0.5\r\n")
})
