import { expect, test } from "vitest"
import { emptyDraft, type MirrorDraft } from "./mirror-draft.ts"
import { inspectRequestOf, isHalfLogin, mirrorRequestOf, requestedTarget } from "./mirror-request.ts"

const none = { source: "", target: "" }

test("the least that can be asked: an image, and the server's default target", () => {
  expect(mirrorRequestOf({ ...emptyDraft, image: " nginx " }, none)).toEqual({ image: "nginx", engine: "direct" })
})

test("a typed target with its login, and everything that was chosen", () => {
  const draft: MirrorDraft = {
    image: "docker pull registry.example.com/team/app:1",
    sourceUsername: "reader",
    sourcePlainHttp: true,
    destination: "typed",
    address: " harbor.example.com/proxy ",
    username: " robot ",
    plainHttp: true,
    tlsVerify: false,
    targetImage: " harbor.example.com/proxy/app:1 ",
    platforms: ["linux/arm64"],
    referrers: true,
    engine: "docker",
    forceUpload: true,
  }
  expect(mirrorRequestOf(draft, { source: "source password", target: " target password" })).toEqual({
    image: "docker pull registry.example.com/team/app:1",
    sourceLogin: { username: "reader", password: "source password" },
    sourcePlainHttp: true,
    target: {
      address: "harbor.example.com/proxy",
      username: "robot",
      password: " target password",
      plainHttp: true,
      tlsVerify: false,
    },
    targetImage: "harbor.example.com/proxy/app:1",
    platforms: ["linux/arm64"],
    referrers: true,
    forceUpload: true,
    engine: "docker",
  })
})

test("a saved target is named by its number, and what was typed for another stays here", () => {
  const draft = { ...emptyDraft, destination: 3, address: "harbor.example.com", username: "robot", plainHttp: true }
  expect(requestedTarget(draft, "secret")).toEqual({ targetId: 3 })
})

test("a name that was emptied is the naming rule's again", () => {
  expect(mirrorRequestOf({ ...emptyDraft, image: "nginx", targetImage: "  " }, none)).not.toHaveProperty("targetImage")
})

test("a source is asked with its own login", () => {
  expect(inspectRequestOf({ ...emptyDraft, image: "nginx", username: "robot" }, "")).toEqual({ image: "nginx" })
  expect(inspectRequestOf({ ...emptyDraft, image: "nginx", sourceUsername: "reader" }, "secret")).toEqual({
    image: "nginx",
    sourceLogin: { username: "reader", password: "secret" },
  })
})

test("half a login is told from a whole one and none", () => {
  expect([isHalfLogin("a", ""), isHalfLogin(" ", "b"), isHalfLogin("a", "b"), isHalfLogin("", "")]).toEqual([
    true,
    true,
    false,
    false,
  ])
})
