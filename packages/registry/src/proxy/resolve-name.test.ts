import { describe, expect, test } from "vitest"
import { type NameContext, resolveName } from "./resolve-name.ts"
import { makeRoutingTable } from "./routing-table.ts"
import type { Upstream } from "./upstream.ts"

const upstream = (registry: string, changes: Partial<Upstream> = {}): Upstream => ({
  id: 1,
  name: registry,
  registry,
  url: `https://${registry}`,
  pathPrefix: "",
  priority: 100,
  enabled: true,
  virtualHosts: [],
  tagLifetimeMs: null,
  hostSettings: {},
  credentials: async () => undefined,
  ...changes,
})

const table = makeRoutingTable({
  defaultRegistry: "docker.io",
  list: () => [
    upstream("docker.io", { url: "https://registry-1.docker.io" }),
    upstream("gcr.io", { virtualHosts: ["gcr.mirror.example.com", "exact.example.com:8443"] }),
    upstream("ghcr.io", { virtualHosts: ["GHCR.mirror.example.com"] }),
    upstream("registry.example.com:5000"),
    upstream("registry.example.com"),
    upstream("disabled.example.com", { enabled: false, virtualHosts: ["off.example.com"] }),
  ],
})

function resolved(name: string, context: Partial<NameContext> = {}): string {
  const found = resolveName(table, name, { isProject: (each) => each === "team" || each === "proxy", ...context })
  return found.kind === "hosted" ? `${found.project}: ${found.name}` : `${found.registry} ${found.path} ${found.name}`
}

describe("what a name means", () => {
  test.each<[name: string, context: Partial<NameContext>, meaning: string]>([
    ["team/app", {}, "team: team/app"],
    ["team/a/b/c", { host: "gcr.mirror.example.com", ns: "ghcr.io" }, "team: team/a/b/c"],
    // a project alone is no repository
    ["proxy", {}, "docker.io library/proxy docker.io/library/proxy"],
    ["teams/app", {}, "docker.io teams/app docker.io/teams/app"],
    ["gcr.io/distroless/static", {}, "gcr.io distroless/static gcr.io/distroless/static"],
    ["gcr.io/pause", { ns: "ghcr.io" }, "gcr.io pause gcr.io/pause"],
    ["registry.example.com:5000/app", {}, "registry.example.com:5000 app registry.example.com:5000/app"],
    ["registry.example.com/app", {}, "registry.example.com app registry.example.com/app"],
    ["GCR.io/pause", {}, "gcr.io pause gcr.io/pause"],
    ["docker.io/nginx", {}, "docker.io library/nginx docker.io/library/nginx"],
    ["index.docker.io/nginx", {}, "docker.io library/nginx docker.io/library/nginx"],
    ["registry-1.docker.io/bitnami/redis", {}, "docker.io bitnami/redis docker.io/bitnami/redis"],
    ["distroless/static", { host: "gcr.mirror.example.com" }, "gcr.io distroless/static gcr.io/distroless/static"],
    ["pause", { host: "gcr.mirror.example.com:443" }, "gcr.io pause gcr.io/pause"],
    ["pause", { host: "Exact.example.com:8443" }, "gcr.io pause gcr.io/pause"],
    ["pause", { host: "exact.example.com:9999" }, "docker.io library/pause docker.io/library/pause"],
    ["owner/app", { host: "ghcr.mirror.example.com", ns: "gcr.io" }, "ghcr.io owner/app ghcr.io/owner/app"],
    ["gcr.io/pause", { host: "ghcr.mirror.example.com" }, "gcr.io pause gcr.io/pause"],
    ["pause", { ns: "gcr.io" }, "gcr.io pause gcr.io/pause"],
    ["nginx", { ns: "docker.io" }, "docker.io library/nginx docker.io/library/nginx"],
    ["nginx", { ns: "registry-1.docker.io" }, "docker.io library/nginx docker.io/library/nginx"],
    ["library/nginx", { ns: "index.docker.io" }, "docker.io library/nginx docker.io/library/nginx"],
    ["app", { ns: "registry.example.com:5000" }, "registry.example.com:5000 app registry.example.com:5000/app"],
    ["nginx", { ns: "" }, "docker.io library/nginx docker.io/library/nginx"],
    ["nginx", { host: "127.0.0.1:8080" }, "docker.io library/nginx docker.io/library/nginx"],
    ["bitnami/redis", {}, "docker.io bitnami/redis docker.io/bitnami/redis"],
  ])("%s %o", (name, context, meaning) => {
    expect(resolved(name, context)).toBe(meaning)
  })
})

test.each([
  ["library/nginx", {}, "docker.io library/nginx docker.io/library/nginx"],
  ["gcr.io/pause", {}, "gcr.io pause gcr.io/pause"],
  ["v2/app", { ns: "gcr.io" }, "gcr.io v2/app gcr.io/v2/app"],
])("S6: no project of old stands before the registry that %s is asked for from", (name, context, meaning) => {
  expect(resolved(name, { isProject: () => true, ...context })).toBe(meaning)
})

test.each<[name: string, context: Partial<NameContext>, refusal: string]>([
  ["evil.example.com/app", {}, "NAME_UNKNOWN no upstream is configured for the registry evil.example.com"],
  ["169.254.169.254/latest", {}, "NAME_UNKNOWN no upstream is configured for the registry 169.254.169.254"],
  ["localhost/app", {}, "NAME_UNKNOWN no upstream is configured for the registry localhost"],
  ["disabled.example.com/app", {}, "NAME_UNKNOWN no upstream is configured for the registry disabled.example.com"],
  ["registry.example.com:5001/app", {}, "NAME_UNKNOWN no upstream is configured for the registry registry.example.com:5001"],
  ["app", { ns: "evil.example.com" }, "NAME_UNKNOWN no upstream is configured for the registry evil.example.com"],
  ["app", { ns: "http://169.254.169.254/" }, "NAME_UNKNOWN no upstream is configured for the registry that name"],
  ["app", { ns: `${"a".repeat(300)}.com` }, "NAME_UNKNOWN no upstream is configured for the registry that name"],
  ["app", { ns: "disabled.example.com" }, "NAME_UNKNOWN no upstream is configured for the registry disabled.example.com"],
])("S3: %s %o leads nowhere", (name, context, refusal) => {
  expect(() => resolved(name, context)).toThrow(expect.objectContaining({ status: 404, message: refusal.slice(13) }))
})

test("without an upstream for the default registry there is nothing to fall back on", () => {
  const none = makeRoutingTable({ defaultRegistry: "docker.io", list: () => [] })
  expect(() => resolveName(none, "nginx", { isProject: () => false })).toThrow(
    "no upstream is configured for the registry docker.io",
  )
})

test.each([
  ["Nginx", "repository names are lowercase"],
  ["a//b", 'a part of the repository name is empty: there is a "/" too many'],
  ["gcr.io/", "there is no repository name"],
  ["team/../../etc", 'a part of the repository name begins with "."'],
  ["team/Ä", '"Ä" cannot stand in a repository name'],
  ["a".repeat(256), "the repository name is longer than 255 characters"],
  ["a".repeat(512), "it is too long"],
])("S8: %s is no name", (name, problem) => {
  expect(() => resolved(name)).toThrow(
    expect.objectContaining({ code: "NAME_INVALID", message: `this is no repository name: ${problem}` }),
  )
})

test("S10: texts of 64 KiB are refused in no time, wherever they stand", () => {
  const long = `${"a-".repeat(16 * 1024)}/${"b.".repeat(16 * 1024)}`
  const startedAt = performance.now()
  for (let i = 0; i < 20; i++) {
    expect(() => resolved(long)).toThrow("it is too long")
    expect(() => resolved("app", { ns: long })).toThrow("no upstream is configured")
    expect(resolved("app", { host: long })).toBe("docker.io library/app docker.io/library/app")
  }
  expect((performance.now() - startedAt) / 60).toBeLessThan(5)
})
