import { afterAll, beforeAll, describe } from "vitest"
import { authorizationOf, type RegistryServer, registryServer } from "../http/registry-server.fixture.ts"
import { distributionConformance } from "./distribution-conformance.ts"

describe("a hosted project", () => {
  let server: RegistryServer
  beforeAll(async () => {
    server = await registryServer()
  })
  afterAll(() => server.close())
  distributionConformance(() => ({
    origin: server.origin,
    authorization: authorizationOf("robot"),
    repositories: ["team/conformance-1", "team/conformance-2"],
  }))
})
