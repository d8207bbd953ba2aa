import { expect, test } from "vitest"
import { snippetsOf } from "./snippets.ts"

const target = "harbor.example.com/proxy/nginx:1.27"
const digest = `sha256:${"a".repeat(64)}`

test("an image in a registry can be pulled, and pinned for Kubernetes", () => {
  expect(snippetsOf({ target, request: { target: `docker://${target}` } }, digest)).toEqual({
    pull: `docker pull ${target}`,
    kubernetes: `image: ${target}@${digest}`,
  })
})

test("what is not in a registry cannot", () => {
  expect(snippetsOf({ target: "oci:/srv/nginx", request: { target: "oci:/srv/nginx" } }, digest)).toBeUndefined()
})
