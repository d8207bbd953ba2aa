import { describe, expect, it } from "vitest"
import { TransferError } from "../errors/transfer-error.ts"
import { namingCases } from "./cases.ts"
import { findCollisions, refuseCollisions } from "./collisions.ts"
import { formatFamiliar } from "./format.ts"
import { nameTarget, parseNamingRule } from "./naming.ts"
import { parseReference } from "./reference.ts"
import { parseTargetBase } from "./target-base.ts"

function refusal(action: () => unknown): Pick<TransferError, "code" | "message" | "hint"> {
  try {
    action()
  } catch (error) {
    if (error instanceof TransferError) return { code: error.code, message: error.message, hint: error.hint }
    throw error
  }
  throw new Error("nothing was refused")
}

const under = (rule: string, to: string) => (source: string) => ({
  source: parseReference(source),
  target: nameTarget(parseReference(source), parseTargetBase(to), parseNamingRule(rule)),
})

describe("nameTarget", () => {
  it.each(namingCases)("names $source by $rule under $to", ({ rule, source, to, target }) => {
    const named = under(rule, to)(source).target
    expect(formatFamiliar(named)).toBe(target)
    expect(parseReference(target)).toEqual(named)
  })

  it("keeps the rule's text, so that it can be stored", () => {
    for (const { rule } of namingCases) expect(parseNamingRule(parseNamingRule(rule).text).text).toBe(rule)
  })

  it("refuses a template that makes no image name", () => {
    expect(refusal(() => under("{repository}/-/{tag}", "harbor.example.com")("nginx:1.20"))).toEqual({
      code: "reference_invalid",
      message: '"harbor.example.com/proxy/nginx/-/1.20:1.20" is not an image name: a part of the repository name begins with "-"',
      hint: "image names look like nginx:1.27 or registry.example.com/team/app:v1",
    })
  })

  it("refuses a name that became too long", () => {
    const source = `gcr.io/${"a".repeat(250)}`
    expect(refusal(() => under("default", "harbor.example.com")(source)).message).toContain(
      "is not an image name: the repository name is longer than 255 characters",
    )
  })
})

describe("parseNamingRule", () => {
  const hint = "use default, flat, basename, or a template like {registry}/{namespace}/{repository}"

  it("refuses a field that it does not know", () => {
    expect(refusal(() => parseNamingRule("{repo}/{repository}"))).toEqual({
      code: "usage",
      message: "a naming template has no field {repo}",
      hint,
    })
  })

  it("refuses a word that is neither a preset nor a template", () => {
    expect(refusal(() => parseNamingRule("flatt"))).toEqual({
      code: "usage",
      message: '"flatt" is not a naming rule: a template needs {repository}',
      hint,
    })
  })
})

describe("parseTargetBase", () => {
  it("takes a host alone, a host with a project, and an address", () => {
    expect(parseTargetBase("harbor.example.com")).toEqual({ host: "harbor.example.com" })
    expect(parseTargetBase("localhost:5000/a/b")).toEqual({ host: "localhost:5000", project: "a/b" })
    expect(parseTargetBase("https://Harbor.example.com/proxy/")).toEqual({ host: "harbor.example.com", project: "proxy" })
  })

  it.each([
    ["", '"" is not a target: there is no host', "write HOST or HOST/PROJECT, as in harbor.example.com/proxy"],
    [
      "harbor/proxy",
      '"harbor/proxy" is not a target: harbor could be a namespace of Docker Hub: a host has a dot or a port',
      'did you mean "harbor:443/proxy"?',
    ],
    [
      "harbor.example.com/Proxy",
      '"harbor.example.com/Proxy" is not a target: repository names are lowercase',
      'did you mean "harbor.example.com/proxy"?',
    ],
    [
      "harbor.example.com/proxy/nginx:1",
      '"harbor.example.com/proxy/nginx:1" is not a target: ":" cannot stand in a repository name',
      "write HOST or HOST/PROJECT, as in harbor.example.com/proxy",
    ],
  ])("refuses %j", (text, message, hint) => {
    expect(refusal(() => parseTargetBase(text))).toEqual({ code: "reference_invalid", message, hint })
  })
})

describe("collisions", () => {
  it("are refused before anything moves, naming both sources and the target", () => {
    const pairs = ["quay.io/team/app:1", "redis:7", "ghcr.io/other/app:1"].map(under("basename", "harbor.example.com"))
    expect(refusal(() => refuseCollisions(pairs))).toEqual({
      code: "naming_collision",
      message: "quay.io/team/app:1 and ghcr.io/other/app:1 would both become harbor.example.com/proxy/app:1",
      hint: "choose another naming rule, or name one of them yourself",
    })
  })

  it("count all sources and further targets", () => {
    const pairs = ["a/x", "b/x", "c/x", "a/y", "b/y"].map(under("basename", "harbor.example.com"))
    expect(refusal(() => refuseCollisions(pairs)).message).toBe(
      "a/x:latest, b/x:latest and c/x:latest would all become harbor.example.com/proxy/x:latest (and 1 more such target)",
    )
  })

  it("are none when one source is named twice, or tags differ", () => {
    const pairs = ["nginx", "docker.io/library/nginx:latest", "nginx:1.20"].map(under("default", "harbor.example.com"))
    expect(findCollisions(pairs)).toEqual([])
    expect(() => refuseCollisions(pairs)).not.toThrow()
  })
})
