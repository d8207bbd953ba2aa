import { expect, test } from "vitest"
import { choicesWith, plainWithLogin, withCa } from "../setup-choices.fixture.ts"
import { buildkit } from "./buildkit.ts"

test("every registry has a mirror with its own path", () => {
  expect(buildkit(choicesWith())).toEqual({
    files: [
      {
        path: "buildkitd.toml",
        text: `[registry."docker.io"]
  mirrors = ["mirror.example.com/docker.io"]

[registry."ghcr.io"]
  mirrors = ["mirror.example.com/ghcr.io"]

[registry."registry.example:5000"]
  mirrors = ["mirror.example.com/registry.example:5000"]
`,
      },
    ],
    commands: [
      "docker buildx create --name entrepot --driver docker-container --config buildkitd.toml --use",
      "docker buildx inspect --bootstrap",
    ],
    remarks: ["buildkitd"],
  })
})

test("how the mirror is spoken to stands with its host; the login is Docker's", () => {
  const { files, commands } = buildkit({ ...plainWithLogin, registries: ["docker.io"] })
  expect(files[0]?.text).toBe(`[registry."docker.io"]
  mirrors = ["10.0.0.5:8080/docker.io"]

[registry."10.0.0.5:8080"]
  http = true
`)
  expect(commands[0]).toBe("docker login --username ann 10.0.0.5:8080")
  const secured = buildkit({ ...withCa, registries: ["docker.io"] })
  expect(secured.files[0]?.text).toContain(`[registry."mirror.lan:8443"]\n  ca = ["/etc/buildkit/entrepot-ca.crt"]\n`)
  expect(secured.commands[0]).toBe("sudo install -D -m 644 ca.crt /etc/buildkit/entrepot-ca.crt")
})
