import { describe, expect, it } from "vitest"
import { redact, redactUrl } from "./redact.ts"
import { createRedactor } from "./redactor.ts"

const canary = "c4n4ry-S3cret"
const basic = Buffer.from(`admin:${canary}`).toString("base64")
const jwt = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(`{"sub":"${canary}"}`).toString("base64url")}.c2lnbmF0dXJl`

/** A text with a secret, and the same text as it may be shown. */
const corpus: readonly (readonly [string, string])[] = [
  [`Authorization: Basic ${basic}`, "Authorization: ***"],
  [`authorization=Bearer ${canary}`, "authorization=***"],
  [`{ authorization: 'Bearer ${canary}' }`, "{ authorization: '***' }"],
  [`["authorization","Basic ${basic}"]`, '["authorization","Basic ***"]'],
  [`{"Authorization":"Basic ${basic}","Accept":"*/*"}`, '{"Authorization":"***","Accept":"*/*"}'],
  [`curl -H 'Authorization: Bearer ${canary}' https://r.example/v2/`, "curl -H 'Authorization: ***' https://r.example/v2/"],
  [`X-Registry-Auth: ${basic}\nHost: r`, "X-Registry-Auth: ***\nHost: r"],
  [`Set-Cookie: sid=${canary}; Path=/`, "Set-Cookie: ***"],
  [`GET https://admin:${canary}@r.example/v2/ failed`, "GET https://***@r.example/v2/ failed"],
  [`socks5://admin:${canary}@10.0.0.1:1080`, "socks5://***@10.0.0.1:1080"],
  [`https://admin:p@${canary}@r.example/`, "https://***@r.example/"],
  [`pushing to admin:${canary}@r.example/proxy`, "pushing to ***@r.example/proxy"],
  [`https://cdn.example/b?X-Amz-Signature=${canary}&x=1 gave 403`, "https://cdn.example/b?… gave 403"],
  [`"https://cdn.example/b?sig=${canary}"`, '"https://cdn.example/b?…"'],
  [`Location: /v2/x/blobs/uploads/1?_state=${canary}`, "Location: /v2/x/blobs/uploads/1?_state=***"],
  [`redirected to /b?X-Amz-Signature=${canary}&X-Amz-Expires=60`, "redirected to /b?X-Amz-Signature=***&X-Amz-Expires=***"],
  [`sent bearer ${canary}.`, "sent bearer ***"],
  [`Bearer token-${canary}`, "Bearer ***"],
  [`token ${jwt} expired`, "token *** expired"],
  [`{"password": "${canary}", "user": "admin"}`, '{"password": "***", "user": "admin"}'],
  [`{"password":"a\\"${canary}"}`, '{"password":"***"}'],
  [`{"auths":{"r.example":{"auth":"${basic}"}}}`, '{"auths":{"r.example":{"auth":"***"}}}'],
  [`{"identitytoken":"${canary}","token":"${canary}"}`, '{"identitytoken":"***","token":"***"}'],
  [`{"access_token":"${canary}`, '{"access_token":"***'],
  [`"{\\"password\\":\\"${canary}\\"}"`, '"{\\"password\\":\\"***\\"}"'],
  [`{ username: 'a', password: '${canary}' }`, "{ username: 'a', password: '***' }"],
  [`grant_type=password&password=${canary}&service=r`, "grant_type=password&password=***&service=r"],
  [`skopeo login --password ${canary} r.example`, "skopeo login --password *** r.example"],
  [`-----BEGIN RSA PRIVATE KEY-----\n${canary.replaceAll("-", "")}\n-----END`, "-----BEGIN RSA PRIVATE KEY-----***-----END"],
]

/** Texts that only look like it. */
const harmless: readonly string[] = [
  "docker.io/library/nginx:1.20@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  "http://localhost:5000/v2/x@sha256:0123",
  'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
  "Basic authentication is required",
  "use --password-stdin instead",
  "harbor.example.com: the target refused the password",
  "仓库认证失败，请检查用户名密码",
  "the token expired; authorization is needed",
]

describe("redact", () => {
  it.each(corpus)("hides the secret of %s", (text, shown) => {
    expect(redact(text)).toBe(shown)
    expect(redact(text)).not.toContain(canary)
    expect(redact(redact(text))).toBe(redact(text))
  })

  it.each(harmless)("leaves %s alone", (text) => {
    expect(redact(text)).toBe(text)
  })
})

describe("redactUrl", () => {
  it("keeps where, and drops who and with what", () => {
    expect(redactUrl(new URL(`https://admin:${canary}@cdn.example:8443/a/b?sig=${canary}#${canary}`))).toBe(
      "https://***@cdn.example:8443/a/b?…",
    )
    expect(redactUrl("http://localhost:5000/v2/")).toBe("http://localhost:5000/v2/")
  })
})

describe("createRedactor", () => {
  const secret = "p+ß/w?rd 'x'\"~"
  const hide = createRedactor([secret, undefined, "", "abc"])
  const base64 = (text: string): string => Buffer.from(text).toString("base64")

  it.each([
    ["as it is", secret],
    ["URL-encoded", encodeURIComponent(secret)],
    ["as a form field", new URLSearchParams({ x: secret }).toString()],
    ["in JSON", JSON.stringify({ x: secret })],
    ["in base64", base64(secret)],
    ["in base64 after a user name", base64(`admin:${secret}`)],
    ["in base64 after a longer one", base64(`admins:${secret}`)],
    ["in base64 with text around it", base64(`admin12:${secret}:rest`)],
    ["in base64url", Buffer.from(`admin:${secret}`).toString("base64url")],
  ])("knows a secret by value %s", (_how, text) => {
    const shown = hide(`before ${text} after`)
    expect(shown).toMatch(/^before .*\*\*\*.* after$/)
    for (let at = 0; at + 4 <= secret.length; at++) expect(shown).not.toContain(secret.slice(at, at + 4))
    expect(shown.length - "before *** after".length).toBeLessThan(text.length - secret.length + 2)
  })

  it("leaves secrets too short to be told from words, and hides shapes as well", () => {
    expect(hide("abc is no secret, Bearer x1y2 is")).toBe("abc is no secret, Bearer *** is")
  })
})
