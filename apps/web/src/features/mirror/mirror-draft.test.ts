import { describe, expect, test } from "vitest"
import { emptyDraft, namesSameTarget, openDraft, withImage, withKnownTarget, withPlatform } from "./mirror-draft.ts"

const saved = [{ id: 3 }, { id: 7 }]
const destinationOf = (...given: Parameters<typeof openDraft>) => openDraft(...given).destination

describe("a form is opened with the target", () => {
  test("of the link, before the last one", () => {
    expect(destinationOf({ targetId: 7, remembered: { destination: 3 } }, saved)).toBe(7)
  })

  test("of the last time, where the link names none, or one that is gone", () => {
    expect(destinationOf({ remembered: { destination: 7 } }, saved)).toBe(7)
    expect(destinationOf({ targetId: 9, remembered: { destination: 7 } }, saved)).toBe(7)
    expect(destinationOf({ remembered: { destination: "typed", address: "harbor.example.com" } }, saved)).toBe("typed")
  })

  test("that is the first saved one, where nothing else is known", () => {
    expect(destinationOf({}, saved)).toBe(3)
    expect(destinationOf({ remembered: { destination: 9 } }, saved)).toBe(3)
  })

  test("that is typed, where none is saved", () => {
    expect(destinationOf({ remembered: { destination: 9 } }, [])).toBe("typed")
  })
})

test("a form is opened with the link's image and the last options", () => {
  expect(openDraft({ image: "nginx:1.27", remembered: { engine: "docker", address: "harbor.example.com" } }, [])).toEqual({
    ...emptyDraft,
    image: "nginx:1.27",
    engine: "docker",
    address: "harbor.example.com",
  })
})

test("another image has platforms of its own, and keeps an edited name", () => {
  const draft = { ...emptyDraft, image: "nginx", platforms: ["linux/amd64"], targetImage: "mine:1" }
  expect(withImage(draft, "redis")).toEqual({ ...emptyDraft, image: "redis", targetImage: "mine:1" })
})

test("platforms are taken and left in the registry's order, and all of them are no choice", () => {
  const offered = ["linux/amd64", "linux/arm64", "linux/s390x"]
  const without = withPlatform(emptyDraft, "linux/amd64", false, offered)
  expect(without.platforms).toEqual(["linux/arm64", "linux/s390x"])
  const one = withPlatform(without, "linux/arm64", false, offered)
  expect(withPlatform(one, "linux/amd64", true, offered).platforms).toEqual(["linux/amd64", "linux/s390x"])
  expect(withPlatform(without, "linux/amd64", true, offered).platforms).toBeUndefined()
  expect(withPlatform(one, "linux/s390x", false, offered).platforms).toEqual([])
})

test("a saved target that was removed meanwhile is none", () => {
  expect(withKnownTarget({ ...emptyDraft, destination: 3 }, saved).destination).toBe(3)
  expect(withKnownTarget({ ...emptyDraft, destination: 9 }, saved).destination).toBe("typed")
})

test("a connection test holds for the same target and login", () => {
  expect(namesSameTarget(emptyDraft, { ...emptyDraft, image: "redis", engine: "docker", targetImage: "x" })).toBe(true)
  for (const change of [{ address: "a" }, { username: "b" }, { plainHttp: true }, { tlsVerify: false }, { destination: 3 }]) {
    expect(namesSameTarget(emptyDraft, { ...emptyDraft, ...change })).toBe(false)
  }
})
