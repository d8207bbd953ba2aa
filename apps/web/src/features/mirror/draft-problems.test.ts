import { expect, test } from "vitest"
import { blockingFields, problemIn, readDraft, valueIn } from "./draft-problems.ts"
import { emptyDraft, type MirrorDraft } from "./mirror-draft.ts"

const targets = [{ id: 3, host: "harbor.example.com", project: "mirror", naming: "default" }]
const none = { source: "", target: "" }
const read = (change: Partial<MirrorDraft>) => readDraft({ ...emptyDraft, ...change }, { targets, defaultTarget: null }, "en")
const blocking = (change: Partial<MirrorDraft>, passwords = none) =>
  blockingFields({ ...emptyDraft, ...change }, read(change), passwords)

test("an empty form has nothing wrong in it, but cannot be sent", () => {
  const empty = read({})
  expect([empty.image, empty.proposal, empty.edited, problemIn(empty.place)]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(blocking({})).toEqual(["image"])
})

test("an image with a target has a proposed name, and can be sent", () => {
  const filled = { image: "docker pull nginx", destination: 3 }
  expect(valueIn(read(filled).proposal)).toBe("harbor.example.com/mirror/nginx:latest")
  expect(blocking(filled)).toEqual([])
  expect(blocking({ image: "nginx" })).toEqual([])
})

test("fields stand in the way in their order", () => {
  const change = { image: "Nginx", sourceUsername: "a", platforms: [], address: "harbor", username: "b", targetImage: "A B" }
  expect(blocking(change)).toEqual(["image", "sourcePassword", "platforms", "address", "password", "targetImage"])
})

test("a login is needed whole, and only where one is typed", () => {
  const typed = { image: "nginx", address: "harbor.example.com", username: "robot" }
  expect(blocking(typed)).toEqual(["password"])
  expect(blocking(typed, { source: "", target: "secret" })).toEqual([])
  expect(blocking({ ...typed, destination: 3 })).toEqual([])
  expect(blocking({ image: "nginx", destination: 3 }, { source: "secret", target: "" })).toEqual(["sourcePassword"])
})

test("a login needs a registry that it is for", () => {
  const login = { image: "nginx", username: "robot" }
  expect(blocking(login, { source: "", target: "secret" })).toEqual(["address"])
  expect(blocking(login)).toEqual(["address", "password"])
  expect(blocking({ ...login, destination: 3 }, { source: "", target: "secret" })).toEqual([])
})

test("an edited name is held against the target, and takes the place of the proposed one", () => {
  expect(blocking({ image: "nginx", destination: 3, targetImage: "ghcr.io/a/b:1" })).toEqual(["targetImage"])
  expect(blocking({ image: "nginx", destination: 3, targetImage: "harbor.example.com/a/b:1" })).toEqual([])
  expect(blocking({ image: "nginx", destination: 3, targetImage: " " })).toEqual([])
})
