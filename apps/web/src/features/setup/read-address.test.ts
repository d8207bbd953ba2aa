import { expect, test } from "vitest"
import { isImageHost, readAddress } from "./read-address.ts"

test.each([
  ["https://Mirror.Example.com/", { origin: "https://mirror.example.com", host: "mirror.example.com", isPlainHttp: false }],
  [" http://127.0.0.1:8080 ", { origin: "http://127.0.0.1:8080", host: "127.0.0.1:8080", isPlainHttp: true }],
  ["https://mirror.example.com:443", { origin: "https://mirror.example.com", host: "mirror.example.com", isPlainHttp: false }],
  ["http://mirror:8080", { origin: "http://mirror:8080", host: "mirror:8080", isPlainHttp: true }],
  ["http://localhost", { origin: "http://localhost", host: "localhost", isPlainHttp: true }],
  ["https://仓库.example", { origin: "https://xn--5mqv79a.example", host: "xn--5mqv79a.example", isPlainHttp: false }],
])("%s", (text, address) => {
  expect(readAddress(text)).toEqual(address)
})

test.each([
  ["", "scheme"],
  ["mirror.example.com", "scheme"],
  ["ftp://mirror.example.com", "scheme"],
  ["javascript:alert(1)", "scheme"],
  ["https://", "shape"],
  ["https://mirror.example.com:99999", "shape"],
  ["https://[::1]:8080", "shape"],
  ["https://mirror_1.example.com", "shape"],
  ['https://a".example.com', "shape"],
  ["https://$(id).example.com", "shape"],
  ["https://a'b.example.com", "shape"],
  ["https://-a.example.com", "shape"],
  ["https://a..example.com", "shape"],
  ["https://ann:secret@mirror.example.com", "login"],
  ["https://mirror.example.com/registry", "path"],
  ["https://mirror.example.com/?a=1", "path"],
  ["https://mirror.example.com#]\n[host", "path"],
  ["https://mirror", "dotless"],
])("S18: %s is refused, and why", (text, problem) => {
  expect(readAddress(text)).toBe(problem)
})

test("hosts that image names cannot begin with are known", () => {
  expect(["docker.io", "registry.example:5000", "a"].filter(isImageHost)).toHaveLength(3)
  expect(["", "a/b", 'a"b', "A.io", "a:123456", "a b", "a\n", `${"a".repeat(300)}.io`].filter(isImageHost)).toEqual([])
})
