import { expect, test } from "vitest"
import { addressAt } from "./setup-choices.fixture.ts"
import { choicesOf, draftOf, offeredRegistries } from "./setup-draft.ts"

const place = {
  origin: "https://mirror.example.com",
  host: "mirror.example.com",
  registries: ["ghcr.io", "docker.io", 'evil"\n[host'],
  defaultRegistry: "docker.io",
  project: "proxy",
  open: true,
}

test("at first everything comes from where the page was opened, and a login is as the server wants it", () => {
  const draft = draftOf(place, "http://10.0.0.5:8080")
  expect(choicesOf(draft, place)).toEqual({
    address: addressAt("http://10.0.0.5:8080"),
    registries: ["docker.io", "ghcr.io"],
    defaultRegistry: "docker.io",
    hasPrivateCa: false,
    user: undefined,
  })
  expect(draftOf({ ...place, open: false }, "http://10.0.0.5:8080").hasLogin).toBe(true)
})

test("S18: a registry whose name could break out of a file is not offered", () => {
  expect(offeredRegistries(place)).toEqual(["docker.io", "ghcr.io"])
})

test("what is left out stays out; a login without a name has a place for one; plain HTTP has no authority", () => {
  const draft = { ...draftOf(place, "https://mirror.lan"), without: ["docker.io"], hasLogin: true, hasPrivateCa: true }
  expect(choicesOf(draft, place)).toMatchObject({ registries: ["ghcr.io"], user: "USER", hasPrivateCa: true })
  expect(choicesOf({ ...draft, user: " ann " }, place)).toMatchObject({ user: "ann" })
  expect(choicesOf({ ...draft, address: "http://mirror.lan" }, place)).toMatchObject({ hasPrivateCa: false })
  expect(choicesOf({ ...draft, address: "mirror.lan" }, place)).toBe("scheme")
})
