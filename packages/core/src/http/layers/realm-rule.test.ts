import { expect, test } from "vitest"
import { mayReceiveCredentials } from "./realm-rule.ts"

const may: readonly [registry: string, realm: string][] = [
  ["https://harbor.example.com/", "https://harbor.example.com/service/token"],
  ["https://harbor.example.com:8443/", "https://harbor.example.com:8443/service/token"],
  ["http://127.0.0.1:5000/", "http://127.0.0.1:5000/token"],
  ["https://registry.gitlab.com/", "https://gitlab.com/jwt/auth"],
  ["https://registry-1.docker.io/", "https://auth.docker.io/token"],
  ["https://registry.cn-hangzhou.aliyuncs.com/", "https://dockerauth.cn-hangzhou.aliyuncs.com/auth"],
  ["http://registry.example.com/", "https://auth.example.com/token"],
]

const mayNot: readonly [registry: string, realm: string, why: string][] = [
  ["https://harbor.example.com/", "http://harbor.example.com/token", "https → http"],
  ["https://harbor.example.com/", "https://harbor.example.com.evil.net/token", "another domain that begins alike"],
  ["https://harbor.example.com/", "https://evilexample.com/token", "another domain that ends alike"],
  ["https://harbor.example.com/", "https://harbor.example.com@evil.net/token", "the name as user info"],
  ["https://alice.github.io/", "https://mallory.github.io/token", "a private suffix"],
  ["https://a.co.uk/", "https://b.co.uk/token", "a public suffix of two labels"],
  ["https://10.0.0.5:5000/", "https://10.0.0.5:5001/token", "an address on another port"],
  ["https://10.0.0.5/", "https://10.0.0.6/token", "a neighbouring address"],
  ["https://harbor/", "https://evil/token", "single labels"],
  ["https://localhost:5000/", "https://localhost:5001/token", "localhost on another port"],
  ["http://registry.example.com/", "http://auth.example.com/token", "the same domain over plain http"],
  [
    "https://registry.cn-hangzhou.aliyuncs.com/",
    "https://dockerauth.cn-beijing.aliyuncs.com.evil.net/auth",
    "a pair's name in another domain",
  ],
]

test.each(may)("credentials of %s may go to %s", async (registry, realm) => {
  expect(await mayReceiveCredentials(new URL(registry), new URL(realm))).toBe(true)
})

test.each(mayNot)("credentials of %s stay away from %s (%s)", async (registry, realm) => {
  expect(await mayReceiveCredentials(new URL(registry), new URL(realm))).toBe(false)
})

test("a configured pair is trusted over https, and its star stands for the same text on both sides", async () => {
  const pairs = [{ registry: "hub.*.test-a.net", realm: "login.*.test-b.net:8443" }]
  const ask = (registry: string, realm: string) => mayReceiveCredentials(new URL(registry), new URL(realm), pairs)
  expect(await ask("https://hub.eu.test-a.net/", "https://login.eu.test-b.net:8443/t")).toBe(true)
  expect(await ask("https://hub.eu.test-a.net/", "https://login.us.test-b.net:8443/t")).toBe(false)
  expect(await ask("https://hub.eu.test-a.net/", "https://login.eu.test-b.net/t")).toBe(false)
  expect(await ask("http://hub.eu.test-a.net/", "http://login.eu.test-b.net:8443/t")).toBe(false)
})

test("a configured pair over plain http is trusted where the registry itself speaks it", async () => {
  const pairs = [{ registry: "127.0.0.1:5000", realm: "127.0.0.1:5001" }]
  const ask = (registry: string, realm: string) => mayReceiveCredentials(new URL(registry), new URL(realm), pairs)
  expect(await ask("http://127.0.0.1:5000/", "http://127.0.0.1:5001/t")).toBe(true)
  expect(await ask("https://127.0.0.1:5000/", "http://127.0.0.1:5001/t")).toBe(false)
  expect(await ask("http://127.0.0.1:5000/", "http://127.0.0.1:5002/t")).toBe(false)
})
