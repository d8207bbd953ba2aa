import { expect, test } from "vitest"
import { addressProblem, previewNaming } from "./naming-example.ts"

test("seed 0's names stand below the target's project", () => {
  expect(previewNaming("default", "registry.example.com:5000/team")).toEqual({
    examples: [
      { source: "nginx:1.27", target: "registry.example.com:5000/team/nginx:1.27" },
      {
        source: "gcr.io/google-containers/pause:3.2",
        target: "registry.example.com:5000/team/gcr.io/google-containers/pause:3.2",
      },
    ],
    problem: undefined,
  })
})

test("while no address can be read, an example stands for it", () => {
  expect(previewNaming("basename", "harbor").examples.map(({ target }) => target)).toEqual([
    "harbor.example.com/proxy/nginx:1.27",
    "harbor.example.com/proxy/pause:3.2",
  ])
})

test("a template that names no repository says so", () => {
  const { examples, problem } = previewNaming("mirror/{registry}", "harbor.example.com")
  expect(problem?.message).toBe('"mirror/{registry}" is not a naming rule: a template needs {repository}')
  expect(examples.map(({ target }) => target)).toEqual([undefined, undefined])
})

test("a template that makes no image name says so", () => {
  expect(previewNaming("UPPER/{repository}", "harbor.example.com").problem?.code).toBe("reference_invalid")
})

test("an address is good, or it is said why not", () => {
  expect(addressProblem("https://harbor.example.com/proxy/")).toBeUndefined()
  expect(addressProblem("harbor.example.com/Proxy")?.hint).toBe('did you mean "harbor.example.com/proxy"?')
})
