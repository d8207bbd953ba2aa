import { expect, test } from "vitest"
import { askedImage } from "./asked-image.ts"

test.each([
  [" nginx:1.27 ", "nginx:1.27"],
  ["mirror.example.com/nginx", "nginx"],
  ["mirror.example.com/gcr.io/pause:3", "gcr.io/pause:3"],
  ["docker pull mirror.example.com/nginx", "nginx"],
  ["podman pull quay.io/a/b", "quay.io/a/b"],
  ["mirror.example.community/nginx", "mirror.example.community/nginx"],
])("%j is asked about as %j", (typed, asked) => {
  expect(askedImage(typed, "mirror.example.com")).toBe(asked)
})

test("as long as this server's name is not known, names stay as they are", () => {
  expect(askedImage("mirror.example.com/nginx", undefined)).toBe("mirror.example.com/nginx")
})
