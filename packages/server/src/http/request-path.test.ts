import { expect, test } from "vitest"
import { readTarget } from "./request-path.ts"

test("S12: every crooked spelling of our paths is ours to refuse", () => {
  const ours = [
    "/api",
    "/api/",
    "/api/history",
    "/API/history",
    "//api/history",
    "/./api",
    "/x/../api/history",
    "/x/%2e%2e/api/history",
    "/%61pi/history",
    "/%2561pi/history",
    "/api;x=1/history",
    "/api%2fhistory",
    "/api%5chistory",
    "\\api\\history",
    "/api.rsc",
    "/healthz",
    "/healthz/",
    "/HEALTHZ",
    "/readyz?x",
    "http://127.0.0.1/api/history",
    "*",
    "",
    "/api\u0000/history",
    "/api%00/history",
    "/ap%69.json",
  ]
  for (const url of ours) expect([url, readTarget(url).ours]).toEqual([url, true])
})

test("pages are not ours", () => {
  for (const url of [
    "/",
    "/login",
    "/jobs/1",
    "/apis",
    "/docs/api",
    "/_next/static/api.js",
    "/v2/",
    "/?next=/api",
    "/healthzz",
  ]) {
    expect([url, readTarget(url).ours]).toEqual([url, false])
  }
})

test("path and query are taken apart as they came", () => {
  const { path, query } = readTarget("/api/jobs?after=3&after=4#top")
  expect([path, query.getAll("after")]).toEqual(["/api/jobs", ["3", "4"]])
})
