import { expect, test } from "vitest"
import { readableBody } from "./delivery-view.ts"

test("a body is laid out where it is JSON, and shown as it is otherwise", () => {
  expect(readableBody('{"type":"test","data":{}}')).toBe('{\n  "type": "test",\n  "data": {}\n}')
  expect(readableBody("<b>not JSON")).toBe("<b>not JSON")
})
