import { expect, test } from "vitest"
import { refuseOwnAddress } from "./own-address.ts"

const refused = (registry: string, listenHost: string, publicUrl?: string, selfRegistry?: string) => {
  try {
    refuseOwnAddress(registry, { listen: { host: listenHost, port: 8080 }, publicUrl, registry: { self: selfRegistry } })
    return false
  } catch (error) {
    expect(error).toMatchObject({ code: "address_blocked", message: `${registry} is this server itself` })
    return true
  }
}

test.each([
  ["127.0.0.1:8080", "127.0.0.1", undefined, true],
  ["LOCALHOST:8080", "127.0.0.1", undefined, true],
  ["[::1]:8080", "0.0.0.0", undefined, true],
  ["2130706433:8080", "127.0.0.1", undefined, true],
  ["127.1:8080", "127.0.0.1", undefined, true],
  ["127.0.0.1:8081", "127.0.0.1", undefined, false],
  ["127.0.0.1", "127.0.0.1", undefined, false],
  ["10.1.2.3:8080", "10.1.2.3", undefined, true],
  ["10.1.2.3:8080", "127.0.0.1", undefined, false],
  ["entrepot.example.com", "127.0.0.1", "https://entrepot.example.com", true],
  ["entrepot.example.com:443", "127.0.0.1", "https://entrepot.example.com/", true],
  ["entrepot.example.com:9000", "127.0.0.1", "https://entrepot.example.com", false],
  ["docker.io", "0.0.0.0", undefined, false],
])("S3: %s, where the server listens at %s and is known as %s: refused is %s", (registry, listen, publicUrl, expected) => {
  expect(refused(registry, listen, publicUrl)).toBe(expected)
})

test("S3: the registry's own name is this server's too", () => {
  expect(refused("mirror.example.com", "127.0.0.1", "https://entrepot.example.com", "https://mirror.example.com")).toBe(true)
  expect(refused("other.example.com", "127.0.0.1", "https://entrepot.example.com", "https://mirror.example.com")).toBe(false)
})
