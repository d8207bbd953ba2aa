import { expect, test } from "vitest"
import { errorCode, readableBody } from "./delivery-view.ts"

test("a body is laid out where it is JSON, and shown as it is otherwise", () => {
  expect(readableBody('{"type":"test","data":{}}')).toBe('{\n  "type": "test",\n  "data": {}\n}')
  expect(readableBody("<b>not JSON")).toBe("<b>not JSON")
})

test("an error is known by its code, and left as it is without one", () => {
  expect(errorCode("network: connection refused by hooks.example.com")).toBe("network")
  expect(errorCode("networking is hard")).toBeUndefined()
})
