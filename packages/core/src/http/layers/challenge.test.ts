import { expect, test } from "vitest"
import { parseChallenges } from "./challenge.ts"

function read(...headers: string[]) {
  return parseChallenges(headers).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])
}

test("a registry's Bearer challenge", () => {
  expect(
    read('Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"'),
  ).toEqual([
    ["bearer", { realm: "https://auth.docker.io/token", service: "registry.docker.io", scope: "repository:a/b:pull,push" }],
  ])
})

test("several challenges in one header and in several", () => {
  expect(read('Negotiate, Basic realm="a, b", BEARER Realm=https://x/t , Service="s"', "Basic")).toEqual([
    ["negotiate", {}],
    ["basic", { realm: "a, b" }],
    ["bearer", { realm: "https://x/t", service: "s" }],
    ["basic", {}],
  ])
})

test("blanks around the equals sign, escaped quotes, the first of two equal parameters", () => {
  expect(read('Bearer realm = "a \\"b\\" \\\\c" , realm="later",x=')).toEqual([["bearer", { realm: 'a "b" \\c', x: "" }]])
})

test("what cannot be read ends its header and no other", () => {
  expect(read('Bearer realm="never closed', 'Basic realm="x"')).toEqual([
    ["bearer", {}],
    ["basic", { realm: "x" }],
  ])
  expect(read("", "=,=", '"quoted"', "\u0000")).toEqual([])
})

test("a hostile header keeps nobody busy", () => {
  const parameters = Array.from({ length: 5000 }, (_, index) => `p${index}=1`).join(",")
  const started = performance.now()
  const [bearer] = parseChallenges([`Bearer ${parameters}`, `Basic realm="${"\\".repeat(65536)}`, "a ".repeat(40000)])
  expect(bearer?.parameters.size).toBe(32)
  expect(parseChallenges(["a,".repeat(4000)]).length).toBe(8)
  expect(performance.now() - started).toBeLessThan(100)
})
