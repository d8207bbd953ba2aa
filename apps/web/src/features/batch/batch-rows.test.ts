import { findImages } from "@entrepot/core/image-list"
import { describe, expect, test } from "vitest"
import { batchRows, isReady, requestedImages } from "./batch-rows.ts"

const place = { host: "harbor.example.com", project: "proxy", naming: "default" }
const none: ReadonlySet<string> = new Set()

const rowsOf = (text: string, removed = none, at: typeof place | undefined = place) =>
  batchRows(findImages(text).images, removed, at, "en")

describe("the rows of a batch", () => {
  test("name every image and what it becomes", () => {
    const rows = rowsOf("services:\n  web:\n    image: nginx\n  cache:\n    image: quay.io/acme/redis:7\n")
    expect(rows).toMatchObject([
      { source: "nginx:latest", target: "harbor.example.com/proxy/nginx:latest", where: ["services.web"], lines: [3] },
      { source: "quay.io/acme/redis:7", target: "harbor.example.com/proxy/quay.io/acme/redis:7", where: ["services.cache"] },
    ])
    expect(isReady(rows)).toBe(true)
    expect(requestedImages(rows)).toEqual(["docker.io/library/nginx:latest", "quay.io/acme/redis:7"])
  })

  test("leave out what was taken out", () => {
    expect(rowsOf("nginx\nredis\n", new Set(["nginx"])).map(({ source }) => source)).toEqual(["redis:latest"])
  })

  test("do not guess the name at a target that only the server knows", () => {
    const rows = batchRows(findImages("nginx\n").images, none, undefined, "en")
    expect(rows).toMatchObject([{ source: "nginx:latest", target: undefined, problem: undefined }])
    expect(isReady(rows)).toBe(true)
  })

  test("say what is wrong with a name, and wait for it to be taken out", () => {
    const rows = rowsOf("nginx\nNginx:1\n")
    expect(rows[1]?.source).toBeUndefined()
    expect(rows[1]?.problem?.sentence).not.toBe("")
    expect(isReady(rows)).toBe(false)
    expect(isReady(rowsOf("nginx\nNginx:1\n", new Set(["Nginx:1"])))).toBe(true)
  })

  test("ask for a target's own name as the list has it", () => {
    const rows = rowsOf("nginx:1.27 => web/nginx:stable\n")
    expect(rows).toMatchObject([{ target: "harbor.example.com/proxy/web/nginx:stable", ownTarget: "web/nginx:stable" }])
    expect(requestedImages(rows)).toEqual([{ image: "docker.io/library/nginx:1.27", targetImage: "web/nginx:stable" }])
  })

  test("tell of two images that would become one", () => {
    const rows = rowsOf("nginx:1\nquay.io/acme/nginx:1\n", none, { ...place, naming: "basename" })
    expect(rows.map(({ collidesWith }) => collidesWith)).toEqual([["quay.io/acme/nginx:1"], ["nginx:1"]])
    expect(isReady(rows)).toBe(false)
    expect(isReady(rowsOf("nginx:1\nquay.io/acme/nginx:1\n", new Set(["nginx:1"]), { ...place, naming: "basename" }))).toBe(true)
  })

  test("are none where nothing is left", () => {
    expect(isReady([])).toBe(false)
    expect(isReady(rowsOf("nginx", new Set(["nginx"])))).toBe(false)
  })
})
