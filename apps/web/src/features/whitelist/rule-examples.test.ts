import { expect, test } from "vitest"
import { exampleOf } from "./rule-examples.ts"

test.each([
  ["helloz", "officialOfHub", ["helloz/app:1.0", "helloz:1.0"], "helloz-other/app"],
  [" Helloz/* ", "officialOfHub", ["helloz/app:1.0", "helloz:1.0"], "helloz-other/app"],
  ["helloz/nginx", "pathOfHub", ["helloz/nginx:1.0", "docker.io/helloz/nginx:1.0"], "helloz/nginx-other"],
  ["gcr.io", "registry", ["gcr.io/team/app:1.0"], "gcr.io.example/team/app"],
  ["index.docker.io", "registry", ["docker.io/team/app:1.0"], "docker.io.example/team/app"],
  ["gcr.io/team/", "path", ["gcr.io/team:1.0", "gcr.io/team/app:1.0"], "gcr.io/team-other"],
])("%j is explained as %s", (typed, kind, meets, misses) => {
  expect(exampleOf(typed)).toEqual({ kind, prefix: expect.any(String), meets, misses })
})

test.each(["", " ", "*", "/", "a//b", "<img>", "gcr.io/<img>", "-x", `${"a".repeat(300)}`])("%j is no prefix yet", (typed) => {
  expect(exampleOf(typed)).toBeUndefined()
})
