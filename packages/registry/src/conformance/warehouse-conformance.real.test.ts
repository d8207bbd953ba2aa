import { afterAll, beforeAll, describe } from "vitest"
import { basic } from "../access/gate.fixture.ts"
import { type RegistryServer, registryServer } from "../http/registry-server.fixture.ts"
import { distributionConformance } from "./distribution-conformance.ts"

describe("a hosted project", () => {
  let server: RegistryServer
  beforeAll(async () => {
    server = await registryServer()
  })
  afterAll(() => server[Symbol.asyncDispose]())
  distributionConformance(() => ({
    origin: server.origin,
    authorization: basic("robot:ept_secret"),
    repositories: ["team/conformance-1", "team/conformance-2"],
  }))
})
