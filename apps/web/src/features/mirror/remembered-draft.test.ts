import { expect, test } from "vitest"
import { emptyDraft, type MirrorDraft } from "./mirror-draft.ts"
import { readRemembered, writeRemembered } from "./remembered-draft.ts"

const draft: MirrorDraft = {
  ...emptyDraft,
  image: "registry.example.com/secret-project/app:1",
  sourceUsername: "reader",
  username: "robot",
  address: " harbor.example.com/proxy ",
  plainHttp: true,
  tlsVerify: false,
  targetImage: "harbor.example.com/proxy/app:1",
  platforms: ["linux/amd64"],
  referrers: true,
  engine: "docker",
  forceUpload: true,
}

test("target and options are there the next time, logins and images are not", () => {
  expect(readRemembered(writeRemembered(draft))).toEqual({
    destination: "typed",
    address: "harbor.example.com/proxy",
    plainHttp: true,
    tlsVerify: false,
    referrers: true,
    engine: "docker",
    forceUpload: true,
  })
  expect(readRemembered(writeRemembered({ ...draft, destination: 3 }))).toMatchObject({ destination: 3 })
})

test.each([null, "", "{", "null", "[]", "7", '"typed"'])("%j says nothing", (text) => {
  expect(readRemembered(text)).toEqual({})
})

test("of a damaged text, what makes sense is taken", () => {
  const text = JSON.stringify({ destination: "nowhere", address: 7, engine: "podman", referrers: "yes", tlsVerify: false })
  expect(readRemembered(text)).toEqual({ tlsVerify: false })
})
