import { hostname } from "node:os"
import { expect, test } from "vitest"
import { createOwnNames } from "./own-names.ts"

const local = { host: "127.0.0.1", port: 8080 }
const everywhere = { host: "0.0.0.0", port: 8080 }
const direct = (host: string | undefined) => ({ host, viaProxy: false })

test("S17: on this machine alone, a name that somebody else's name server made up is not ours", () => {
  const isOwnName = createOwnNames({ listen: local, publicUrl: undefined })
  for (const host of ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "app.localhost", "192.168.1.2:8080", hostname()]) {
    expect([host, isOwnName(direct(host))]).toEqual([host, true])
  }
  for (const host of ["evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "a b", "", undefined]) {
    expect([host, isOwnName(direct(host))]).toEqual([host, false])
  }
})

test("a proxy that is believed, and whoever listens to a network, may be called by any name until a public one is configured", () => {
  expect(createOwnNames({ listen: local, publicUrl: undefined })({ host: "mirror.example.com", viaProxy: true })).toBe(true)
  expect(createOwnNames({ listen: everywhere, publicUrl: undefined })(direct("mirror.example.com"))).toBe(true)
  const named = createOwnNames({ listen: everywhere, publicUrl: "https://mirror.example.com" })
  expect(named(direct("mirror.example.com:443"))).toBe(true)
  expect(named(direct("evil.example"))).toBe(false)
  expect(named({ host: "evil.example", viaProxy: true })).toBe(false)
})
