import { parsePasted } from "@entrepot/core/reference"
import { expect, test } from "vitest"
import { imageParts } from "./image-parts.ts"

const digest = `sha256:${"a".repeat(64)}`
const parts = (text: string) => imageParts(parsePasted(text)).map(({ part, value }) => `${part}=${value}`)

test("a short name is shown with what Docker adds to it", () => {
  expect(parts("nginx")).toEqual(["registry=docker.io", "namespace=library", "repository=nginx", "tag=latest"])
})

test("a pasted command, an address with port, a deep path", () => {
  expect(parts("docker pull registry.example.com:5000/a/b/c:1.2")).toEqual([
    "registry=registry.example.com:5000",
    "namespace=a/b",
    "repository=c",
    "tag=1.2",
  ])
})

test("a name without namespace has an empty one", () => {
  expect(parts("registry.k8s.io/pause:3.9")).toContain("namespace=")
})

test("a digest stands in the place of the tag, or behind it", () => {
  expect(parts(`nginx@${digest}`).at(-1)).toBe(`digest=${digest}`)
  expect(parts(`nginx@${digest}`)).toHaveLength(4)
  expect(parts(`nginx:1@${digest}`).slice(-2)).toEqual(["tag=1", `digest=${digest}`])
})
