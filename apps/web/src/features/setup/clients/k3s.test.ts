import { expect, test } from "vitest"
import { choicesWith, plainWithLogin, withCa } from "../setup-choices.fixture.ts"
import { k3s } from "./k3s.ts"

test("every registry has an endpoint with its own path", () => {
  expect(k3s(choicesWith())).toEqual({
    files: [
      {
        path: "/etc/rancher/k3s/registries.yaml",
        text: `mirrors:
  "docker.io":
    endpoint:
      - "https://mirror.example.com/v2/docker.io"
  "ghcr.io":
    endpoint:
      - "https://mirror.example.com/v2/ghcr.io"
  "registry.example:5000":
    endpoint:
      - "https://mirror.example.com/v2/registry.example:5000"
  "mirror.example.com":
    endpoint:
      - "https://mirror.example.com"
`,
      },
    ],
    commands: ["sudo systemctl restart k3s || sudo systemctl restart k3s-agent", "sudo k3s crictl pull docker.io/library/nginx"],
    remarks: ["everyNode", "rke2"],
  })
})

test("a login and an authority stand with the host", () => {
  expect(k3s({ ...plainWithLogin, registries: ["docker.io"] }).files[0]?.text).toBe(`mirrors:
  "docker.io":
    endpoint:
      - "http://10.0.0.5:8080/v2/docker.io"
  "10.0.0.5:8080":
    endpoint:
      - "http://10.0.0.5:8080"
configs:
  "10.0.0.5:8080":
    auth:
      username: "ann"
      password: "PASSWORD"
`)
  const { files, commands } = k3s({ ...withCa, registries: ["docker.io"] })
  expect(files[0]?.text).toContain(`configs:
  "mirror.lan:8443":
    tls:
      ca_file: "/etc/rancher/k3s/entrepot-ca.crt"
`)
  expect(commands[0]).toBe("sudo install -D -m 644 ca.crt /etc/rancher/k3s/entrepot-ca.crt")
})
