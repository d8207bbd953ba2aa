import { describe, expect, test } from "vitest"
import { PrefixSet } from "./prefix-set.ts"
import { normalizePrefix } from "./rule-prefix.ts"

describe("a rule meets whole path components, however Docker Hub's names are written", () => {
  test.each([
    ["helloz", "docker.io/helloz/nginx", true],
    ["helloz", "docker.io/hellozevil/x", false],
    ["helloz", "docker.io/evil/helloz", false],
    ["helloz", "ghcr.io/helloz/nginx", false],
    ["helloz/nginx", "docker.io/helloz/nginx", true],
    ["helloz/nginx", "docker.io/helloz/nginx-extra", false],
    ["helloz/nginx", "docker.io/helloz/nginx/extra", true],
    ["docker.io/helloz", "docker.io/helloz/nginx", true],
    ["index.docker.io/helloz", "docker.io/helloz/nginx", true],
    ["nginx", "docker.io/library/nginx", true],
    ["library/nginx", "docker.io/library/nginx", true],
    ["docker.io/nginx", "docker.io/library/nginx", true],
    ["docker.io/library/nginx", "docker.io/library/nginx", true],
    ["library", "docker.io/library/nginx", true],
    ["ngin", "docker.io/library/nginx", false],
    ["nginx", "docker.io/nginx/unit", true],
    ["library/nginx", "docker.io/nginx/unit", false],
    ["docker.io", "docker.io/library/nginx", true],
    ["docker.io", "docker.iox/library/nginx", false],
    ["gcr.io", "gcr.io/google-containers/pause", true],
    ["gcr.io", "eu.gcr.io/google-containers/pause", false],
    ["gcr.io", "docker.io/gcr.io/pause", false],
    ["gcr.io/google-containers", "gcr.io/google-containers/pause", true],
    ["gcr.io/google-containers", "gcr.io/google-containersx/pause", false],
    ["registry.example.com:5000/team", "registry.example.com:5000/team/app", true],
    ["team", "team/app", true],
    ["team", "teams/app", false],
    ["HELLOZ/", "docker.io/helloz/nginx", true],
    ["helloz/*", "docker.io/helloz/nginx", true],
  ])("%s, asked for %s: %s", (prefix, name, expected) => {
    expect(new PrefixSet([normalizePrefix(prefix)]).covers(name)).toBe(expected)
  })

  test("none meets nothing", () => expect(new PrefixSet([]).covers("docker.io/library/nginx")).toBe(false))
})

test.each([
  ["", "it would mean every image; name a registry or the first part of a name"],
  ["*", "it would mean every image; name a registry or the first part of a name"],
  ["/", "it would mean every image; name a registry or the first part of a name"],
  ["https://gcr.io", '"https:" is no registry'],
  ["gcr.io//x", 'a part of the repository name is empty: there is a "/" too many'],
  ["hello*", '"*" cannot stand in a repository name'],
  ["hello z", "it has a blank inside"],
  ["../etc", '".." is no registry'],
  ["user@gcr.io/x", '"user@gcr.io" is no registry'],
  [`a${"/a".repeat(300)}`, "it is too long"],
])("%j is no prefix", (text, problem) => {
  expect(() => normalizePrefix(text)).toThrow(`this is no prefix of image names: ${problem}`)
})
