import { image, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { testApi } from "./api.fixture.ts"


async function registries() {
  const nginx = image({ seed: "nginx", layers: [{ sizeBytes: 4096 }] })
  const hub = await testRegistry({ images: { "library/nginx:1.27": nginx } })
  const harbor = await testRegistry({ auth: { basic: { admin: "Harbor-secret-1" } } })
  return { nginx, hub, harbor }
}

test("seed 0: POST /api/auth/login", async () => {
  const api = await testApi()
  const right = await api.ask("POST /api/auth/login", { body: { token: "docker-transformer" } })
  expect(right.status).toBe(200)
  expect(right.json).toEqual({ success: true, message: "登录成功", must_change_token: true })
  expect(right.headers["set-cookie"]).toEqual([
    expect.stringMatching(/^entrepot_session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/),
  ])
  const wrong = await api.ask("POST /api/auth/login", { body: { token: "wrong" } })
  expect(wrong.status).toBe(401)
  expect(wrong.json).toMatchObject({
    success: false,
    message: "登录失败，请检查Token或用户名密码",
    error: { code: "LOGIN_REFUSED" },
  })
  expect(wrong.headers["set-cookie"]).toBeUndefined()
})

test("seed 0: POST /api/proxy/start", async () => {
  const { nginx, hub, harbor } = await registries()
  await using _ = hub
  await using __ = harbor
  const api = await testApi()
  const as = await api.admin()
  const body = {
    source_image: `${hub.host}/library/nginx:1.27`,
    target_host: harbor.host,
    target_username: "admin",
    target_password: "Harbor-secret-1",
    target_image: `${harbor.host}/proxy/nginx:1.27`,
    source_plain_http: true,
    target_plain_http: true,
  }
  const answer = await api.ask("POST /api/proxy/start", { as, body })
  expect(answer.json).toEqual({
    success: true,
    target_image: `${harbor.host}/proxy/nginx:1.27`,
    duration: expect.any(Number),
    message: "代理成功",
    job_id: expect.any(Number),
  })
  expect(answer.status).toBe(200)
  expect(harbor.holds("proxy/nginx:1.27", nginx)).toBe(true)
})
