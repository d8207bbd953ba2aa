import { parsePasted, parseTargetBase } from "@entrepot/core/reference"
import { expect, test } from "vitest"
import { readName } from "./name-problem.ts"

test("a name that can be read is read", () => {
  expect(readName(() => parsePasted("docker pull nginx:1.27"), "en")).toEqual({
    value: { registry: "docker.io", repository: "library/nginx", tag: "1.27" },
  })
})

test("what is wrong is said with what was probably meant", () => {
  expect(readName(() => parsePasted("Nginx"), "en")).toEqual({
    problem: { sentence: '"Nginx" is not an image name: repository names are lowercase', suggestion: "nginx" },
  })
  expect(readName(() => parsePasted("Nginx"), "zh")).toEqual({
    problem: { sentence: "镜像名称格式不正确", suggestion: "nginx" },
  })
})

test("where nothing was probably meant, the hint stands there", () => {
  expect(readName(() => parseTargetBase("harbor.example.com/a//b"), "zh")).toEqual({
    problem: { sentence: "镜像名称格式不正确", hint: "格式为 HOST 或 HOST/PROJECT，例如 harbor.example.com/proxy" },
  })
})

test("an address that is none is not called an image", () => {
  const read = (locale: "zh" | "en") => readName(() => parseTargetBase("harbor"), locale, "仓库地址格式不正确")
  expect(read("zh")).toEqual({ problem: { sentence: "仓库地址格式不正确", suggestion: "harbor:443" } })
  expect(read("en")).toEqual({
    problem: {
      sentence: '"harbor" is not a target: harbor could be a namespace of Docker Hub: a host has a dot or a port',
      suggestion: "harbor:443",
    },
  })
})

test("errors that are none of core's are not hidden", () => {
  const broken = () => {
    throw new RangeError("a mistake of ours")
  }
  expect(() => readName(broken, "en")).toThrow("a mistake of ours")
})
