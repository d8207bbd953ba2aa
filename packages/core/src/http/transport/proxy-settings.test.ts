import { describe, expect, test } from "vitest"
import { proxyFor, proxySettings } from "./proxy-settings.ts"

const through = (env: Record<string, string>, url: string) => proxyFor(new URL(url), proxySettings(env))?.href

describe("the usual variables", () => {
  test.each([
    [{}, "https://a.example", undefined],
    [{ HTTPS_PROXY: "http://p:3128" }, "https://a.example", "http://p:3128/"],
    [{ HTTPS_PROXY: "http://p:3128" }, "http://a.example", undefined],
    [{ HTTP_PROXY: "http://p:3128" }, "http://a.example", "http://p:3128/"],
    [{ http_proxy: "http://low:1", HTTP_PROXY: "http://up:1" }, "http://a.example", "http://low:1/"],
    [{ ALL_PROXY: "socks5h://p:1080" }, "http://a.example", "socks5h://p:1080"],
    [{ all_proxy: "socks5://p", https_proxy: "https://q" }, "https://a.example", "https://q/"],
    [{ HTTPS_PROXY: "p.example:3128" }, "https://a.example", "http://p.example:3128/"],
    [{ HTTPS_PROXY: "" }, "https://a.example", undefined],
  ])("%j for %s: %s", (env, url, proxy) => {
    expect(through(env as Record<string, string>, url)).toBe(proxy)
  })

  test.each(["ftp://secret@p", "http://", "http://user:secret@p:99999", "http://user:secret%zz@p", "://secret"])(
    "a value that is no proxy is refused unquoted: %s",
    (value) => {
      expect(() => proxySettings({ HTTPS_PROXY: value })).toThrow(/^the value of HTTPS_PROXY is not a proxy address$/)
    },
  )
})

describe("NO_PROXY", () => {
  test.each([
    ["a.example", "https://a.example", false],
    ["a.example", "https://sub.a.example", false],
    ["a.example", "https://nota.example", true],
    [".a.example", "https://sub.a.example", false],
    [".a.example", "https://a.example", false],
    ["*.a.example", "https://sub.a.example", false],
    ["A.Example", "https://a.example.", false],
    ["a.example:443", "https://a.example", false],
    ["a.example:5000", "https://a.example", true],
    ["a.example:5000", "https://a.example:5000", false],
    ["x, b.example ,a.example", "https://a.example", false],
    ["x a.example", "https://a.example", false],
    ["*", "https://a.example", false],
    ["", "https://a.example", true],
    [",", "https://a.example", true],
    ["10.0.0.0/8", "https://10.1.2.3", false],
    ["10.0.0.0/8", "https://11.1.2.3", true],
    ["10.0.0.0/8", "https://10.example", true],
    ["10.1.2.3", "https://10.1.2.3", false],
    ["10.1.2.3:5000", "https://10.1.2.3:5000", false],
    ["10.1.2.3:5000", "https://10.1.2.3", true],
    ["192.168.1.128/25", "https://192.168.1.127", true],
    ["192.168.1.128/25", "https://192.168.1.200", false],
    ["fd00::/8", "https://[fd12::1]", false],
    ["fd12::1", "https://[fd12::1]", false],
    ["[fd12::1]:5000", "https://[fd12::1]:5000", false],
    ["[fd12::1]:5000", "https://[fd12::1]", true],
  ])("%j for %s: through the proxy %s", (no, url, proxied) => {
    expect(through({ HTTPS_PROXY: "http://p:1", NO_PROXY: no }, url)).toBe(proxied ? "http://p:1/" : undefined)
  })

  test.each(["http://localhost:5000", "http://x.localhost", "http://127.0.0.1:5000", "http://127.9.9.9", "http://[::1]:5000"])(
    "this machine is reached directly: %s",
    (url) => expect(through({ HTTP_PROXY: "http://p:1" }, url)).toBeUndefined(),
  )
})
