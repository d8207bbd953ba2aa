import { InvalidArgumentError } from "commander"
import { expect, test } from "vitest"
import { parseCount } from "./parse-count.ts"
import { parseImageList } from "./parse-image-list.ts"
import { parsePlatforms } from "./parse-platforms.ts"
import { parseRate } from "./parse-rate.ts"
import { parseSwitch } from "./parse-switch.ts"
import { selectTags } from "./select-tags.ts"

test.each([
  ["20M", 20_000_000],
  ["512K", 512_000],
  ["512k", 512_000],
  ["1.5G", 1_500_000_000],
  ["20Mi", 20_971_520],
  ["20MB/s", 20_000_000],
  ["800000", 800_000],
])("a rate of %s is %d bytes a second", (text, rate) => {
  expect(parseRate(text)).toBe(rate)
})

test.each(["", "fast", "-1M", "0", "20T", "1e9", "20 M B", "9".repeat(30)])("%j is not a rate", (text) => {
  expect(() => parseRate(text)).toThrow(new InvalidArgumentError("Write bytes a second like 20M, 512K or 1.5G, at least 1024."))
})

test("a count stays within its bounds", () => {
  expect(parseCount(1, 64)("64")).toBe(64)
  for (const text of ["0", "65", "2.5", "-1", "", "0x10"]) {
    expect(() => parseCount(1, 64)(text), text).toThrow("Write a whole number from 1 to 64.")
  }
})

test("a switch is true or false, nothing else", () => {
  expect([parseSwitch("true"), parseSwitch("false")]).toEqual([true, false])
  expect(() => parseSwitch("no")).toThrow("Write true or false.")
})

test("platforms come in a list; all is every one", () => {
  expect(parsePlatforms("linux/amd64,arm64")).toEqual([
    { os: "linux", architecture: "amd64" },
    { os: "linux", architecture: "arm64" },
  ])
  expect(parsePlatforms("all")).toBeUndefined()
  expect(parsePlatforms(undefined)).toBeUndefined()
  expect(() => parsePlatforms("linux/a/b/c")).toThrow('"linux/a/b/c" is not a platform')
})

test("a list of images has comments, blank lines, and targets behind an arrow", () => {
  const text = "\uFEFF# web\nnginx:1.27\n\n  redis:7   # cache\r\nbusybox -> harbor.example.com/tools/busybox:stable\n"
  expect(parseImageList(text, "images.txt")).toEqual([
    { image: "nginx:1.27", line: 2 },
    { image: "redis:7", line: 4 },
    { image: "busybox", target: "harbor.example.com/tools/busybox:stable", line: 5 },
  ])
})

test("compose files and manifests are lists, too", () => {
  const compose = "services:\n  web:\n    image: ${REGISTRY:-quay.io}/a/web:1.20\n  own:\n    build: .\n"
  expect(parseImageList(compose, "compose.yml")).toEqual([{ image: "quay.io/a/web:1.20", line: 3 }])
  const pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx\n"
  expect(parseImageList(pod, "pod.yaml")).toEqual([{ image: "nginx:latest", line: 5 }])
})

test("what is wrong in a list is told with its line", () => {
  expect(() => parseImageList("nginx\n\nquay.io/a/b#c\n", "images.txt")).toThrow(
    'images.txt, line 3: "quay.io/a/b#c" is not an image name: "#" cannot stand in a repository name',
  )
  expect(() => parseImageList("services:\n  web: {image: 'app:${TAG}'}\n", "compose.yml")).toThrow(
    'compose.yml, line 2: "app:${TAG}" is not an image name: the variable TAG is not set here',
  )
  expect(() => parseImageList("services:\n  web:\n    image: nginx\n   ports: [\n", "compose.yml")).toThrow(
    "compose.yml, line 4: this is not valid YAML: All mapping items must start at the same column",
  )
})

test("a line with half an arrow is refused by its number", () => {
  expect(() => parseImageList("nginx\nredis ->\n", "images.txt")).toThrow(
    'images.txt, line 2: "redis ->" is not an image, nor IMAGE -> TARGET',
  )
})

const tags = ["1.20", "1.21", "1.21-alpine", "latest"]

test("a tag pattern has to match the whole tag", () => {
  expect(selectTags(tags, "1\\.2[01]")).toEqual(["1.20", "1.21"])
  expect(selectTags(tags, "1\\.21.*|latest")).toEqual(["1.21", "1.21-alpine", "latest"])
  expect(selectTags([], ".*")).toEqual([])
})

test("a tag pattern that is none, or too long, is refused", () => {
  expect(() => selectTags(tags, "1.(")).toThrow('"1.(" is not a regular expression: Unterminated group')
  expect(() => selectTags(tags, "a".repeat(257))).toThrow("a tag pattern has at most 256 characters, this one has 257")
})

test("a tag pattern that would run forever is stopped", () => {
  const started = Date.now()
  expect(() => selectTags(["a".repeat(100)], "(a+)+b")).toThrow('"(a+)+b" takes too long to be tried on 1 tags')
  expect(Date.now() - started).toBeLessThan(5000)
})
