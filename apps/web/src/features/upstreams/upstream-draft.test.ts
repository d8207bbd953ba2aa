import { expect, test } from "vitest"
import { upstreamWith } from "./upstream.fixture.ts"
import { changesOf, checkOf, draftOf, findProblem, inputOf, losesPassword } from "./upstream-draft.ts"

const saved = upstreamWith({
  id: 7,
  username: "robot",
  hasPassword: true,
  tagLifetimeMs: 60_000,
  virtualHosts: ["hub.example.com"],
})
const blank = draftOf(undefined)
const typed = { ...blank, name: " Frankfurt ", registry: "docker.io", url: " https://mirror.example.com " }

test("what is typed is what is sent, without blanks around it", () => {
  expect(
    inputOf({ ...typed, virtualHosts: "a.example.com\n b.example.com,", tagLifetime: "90", username: " ann " }, true),
  ).toEqual({
    name: "Frankfurt",
    registry: "docker.io",
    url: "https://mirror.example.com",
    pathPrefix: "",
    virtualHosts: ["a.example.com", "b.example.com"],
    tagLifetimeMs: 90_000,
    tlsVerify: true,
    ca: null,
    username: "ann",
  })
  const withPath = inputOf({ ...typed, url: "https://harbor.example.com/dockerhub-cache" }, true)
  expect("pathPrefix" in withPath).toBe(false)
  expect(inputOf({ ...typed, url: "https://harbor.example.com/v2/" }, true).pathPrefix).toBe("")
})

test("S19: a password is sent only where it is kept, and with a user", () => {
  const draft = { ...typed, username: "ann", password: "secret" }
  expect(inputOf(draft, true).password).toBe("secret")
  expect("password" in inputOf(draft, false)).toBe(false)
  expect("password" in inputOf({ ...draft, username: "" }, true)).toBe(false)
})

test("nothing is sent of what was not touched", () => {
  expect(changesOf(saved, draftOf(saved), true)).toEqual({})
  expect(changesOf(saved, { ...draftOf(saved), name: "Hub", tagLifetime: "" }, true)).toEqual({
    name: "Hub",
    tagLifetimeMs: null,
  })
  expect(changesOf(saved, { ...draftOf(saved), virtualHosts: "" }, true)).toEqual({ virtualHosts: [] })
  expect(changesOf(saved, { ...draftOf(saved), forgetPassword: true, forgetCa: true }, true)).toEqual({
    password: null,
    ca: null,
  })
})

test.each([
  ["", "url"],
  ["mirror.example.com", "url"],
  ["ftp://mirror.example.com", "url"],
  ["https://mirror.example.com/x", undefined],
])("the URL %j: %s", (url, problem) => {
  expect(findProblem({ ...blank, url })).toBe(problem)
})

test.each([
  ["", undefined],
  ["0", undefined],
  ["2592000", undefined],
  ["2592001", "tagLifetime"],
  ["1.5", "tagLifetime"],
  ["-1", "tagLifetime"],
  ["soon", "tagLifetime"],
])("tags that are believed for %j seconds: %s", (tagLifetime, problem) => {
  expect(findProblem({ ...typed, tagLifetime })).toBe(problem)
})

test("a kept password belongs to its host, and is never tried elsewhere", () => {
  const draft = draftOf(saved)
  expect(losesPassword(saved, draft)).toBe(false)
  expect(checkOf(saved, draft)).toEqual({ id: 7 })
  expect(checkOf(saved, { ...draft, name: "other", virtualHosts: "" })).toEqual({ id: 7 })
  expect(checkOf(saved, { ...draft, tlsVerify: false })).toBeUndefined()
  const moved = { ...draft, url: "https://elsewhere.example.com" }
  expect(losesPassword(saved, moved)).toBe(true)
  expect(losesPassword(saved, { ...draft, url: saved.url.replace("https", "http") })).toBe(true)
  expect(checkOf(saved, moved)).toMatchObject({ url: "https://elsewhere.example.com", username: "robot" })
  expect(checkOf(saved, { ...moved, password: "new" })).toMatchObject({ password: "new" })
  expect(checkOf(undefined, blank)).toBeUndefined()
})
