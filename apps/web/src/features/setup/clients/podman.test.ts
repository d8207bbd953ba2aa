import { expect, test } from "vitest"
import { choicesWith, plainWithLogin, withCa } from "../setup-choices.fixture.ts"
import { crio } from "./crio.ts"
import { podman } from "./podman.ts"

const mirrors = `[[registry]]
prefix = "docker.io"
location = "docker.io"

[[registry.mirror]]
location = "mirror.example.com/docker.io"

[[registry]]
prefix = "ghcr.io"
location = "ghcr.io"

[[registry.mirror]]
location = "mirror.example.com/ghcr.io"
`

const path = "/etc/containers/registries.conf.d/entrepot.conf"

test("podman has a mirror for each registry that an image's name can hold", () => {
  expect(podman(choicesWith())).toEqual({
    files: [{ path, text: mirrors }],
    commands: ["podman pull docker.io/library/nginx"],
    remarks: ["ports"],
  })
})

test("plain HTTP is allowed for the mirrors and the server's own name; one login is enough", () => {
  expect(podman({ ...plainWithLogin, registries: ["docker.io"] })).toEqual({
    files: [
      {
        path,
        text: `[[registry]]
prefix = "docker.io"
location = "docker.io"

[[registry.mirror]]
location = "10.0.0.5:8080/docker.io"
insecure = true

[[registry]]
location = "10.0.0.5:8080"
insecure = true
`,
      },
    ],
    commands: ["podman login --username ann 10.0.0.5:8080", "podman pull docker.io/library/nginx"],
    remarks: [],
  })
})

test("CRI-O reads the same mirrors, and logs in for the whole node", () => {
  expect(crio(choicesWith({ user: "ann" }))).toEqual({
    files: [
      { path, text: mirrors },
      {
        path: "/etc/crio/crio.conf.d/50-entrepot.conf",
        text: '[crio.image]\nglobal_auth_file = "/etc/crio/entrepot-auth.json"\n',
      },
    ],
    commands: [
      "sudo podman login --authfile /etc/crio/entrepot-auth.json --username ann mirror.example.com",
      "sudo systemctl restart crio",
      "sudo crictl pull docker.io/library/nginx",
    ],
    remarks: ["everyNode", "ports"],
  })
  expect(crio(choicesWith({ registries: ["quay.io"] })).files.map((file) => file.path)).toEqual([path])
})

test.each([podman, crio])("an authority goes where all of them look", (client) => {
  expect(client(withCa).commands[0]).toBe("sudo install -D -m 644 ca.crt /etc/containers/certs.d/mirror.lan:8443/ca.crt")
})
