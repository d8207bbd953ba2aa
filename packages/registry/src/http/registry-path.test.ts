import { expect, test } from "vitest"
import { ownerOf } from "./registry-path.ts"

test.for(["/v2", "/v2/", "/v2/app/manifests/v1", "/v1/search", "/v1", "/v2//app", "/v2/../api", "/v2/%2e%2e/"])(
  "%s is the registry's to answer",
  (path) => {
    expect(ownerOf(path)).toBe("registry")
  },
)

test.for([
  "//v2/",
  "/./v2/",
  "/x/../v2/",
  "/%76%32/app",
  "/%2576%2532/app",
  "/V2/app",
  "/v2;x/app",
  "/v2.rsc",
  "/v2.json",
  "\\v2\\app",
  "/%5cv2",
  "/%2fv2",
  "/x/%2e%2e/v2/",
  "/v2%2fapp",
  "/v%32",
  "v2/app",
  "/ v2/",
  "/v2%00/",
  "/V1/search",
])("S12: %s ends here in 404, and reaches nobody who reads it otherwise", (path) => {
  expect(ownerOf(path)).toBe("crooked")
})

test.for(["/", "", "/api/trpc/x", "/v", "/v3/", "/v20", "/v2x/app", "/version", "/login", "/x/v2/", "/_next/static/v2.js", "*"])(
  "%s is somebody else's",
  (path) => {
    expect(ownerOf(path)).toBe("other")
  },
)
