import { expect, test } from "vitest"
import { choicesWith, plainWithLogin, withCa } from "../setup-choices.fixture.ts"
import { containerd } from "./containerd.ts"

test("every registry has a hosts file with its own path, also one with a port", () => {
  expect(containerd(choicesWith())).toEqual({
    files: [
      {
        path: "/etc/containerd/certs.d/docker.io/hosts.toml",
        text: `server = "https://registry-1.docker.io"

[host."https://mirror.example.com/v2/docker.io"]
  capabilities = ["pull", "resolve"]
  override_path = true
`,
      },
      {
        path: "/etc/containerd/certs.d/ghcr.io/hosts.toml",
        text: `server = "https://ghcr.io"

[host."https://mirror.example.com/v2/ghcr.io"]
  capabilities = ["pull", "resolve"]
  override_path = true
`,
      },
      {
        path: "/etc/containerd/certs.d/registry.example:5000/hosts.toml",
        text: `server = "https://registry.example:5000"

[host."https://mirror.example.com/v2/registry.example:5000"]
  capabilities = ["pull", "resolve"]
  override_path = true
`,
      },
      {
        path: "/etc/containerd/config.toml",
        version: "containerd 1.x",
        isPart: true,
        text: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`,
      },
      {
        path: "/etc/containerd/config.toml",
        version: "containerd 2.x",
        isPart: true,
        text: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"
`,
      },
    ],
    commands: [
      "sudo systemctl restart containerd",
      "sudo ctr images pull --hosts-dir /etc/containerd/certs.d docker.io/library/nginx:latest",
    ],
    remarks: ["everyNode"],
  })
})

test("plain HTTP is said for the server's own name too; a login stands in the configuration of the plugin that pulls", () => {
  const { files, commands, remarks } = containerd({ ...plainWithLogin, registries: ["docker.io"] })
  expect(files.map(({ text }) => text)).toEqual([
    `server = "https://registry-1.docker.io"

[host."http://10.0.0.5:8080/v2/docker.io"]
  capabilities = ["pull", "resolve"]
  override_path = true
`,
    'server = "http://10.0.0.5:8080"\n',
    `version = 2

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"

[plugins."io.containerd.grpc.v1.cri".registry.configs."10.0.0.5:8080".auth]
  username = "ann"
  password = "PASSWORD"
`,
    `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"

[plugins."io.containerd.cri.v1.images".registry.configs."10.0.0.5:8080".auth]
  username = "ann"
  password = "PASSWORD"
`,
  ])
  expect(files[1]?.path).toBe("/etc/containerd/certs.d/10.0.0.5:8080/hosts.toml")
  expect(commands.at(-1)).toBe(
    "sudo ctr images pull --hosts-dir /etc/containerd/certs.d --user ann docker.io/library/nginx:latest",
  )
  expect(remarks).toEqual(["everyNode", "secretInFile"])
})

test("an authority is named in every hosts file, and installed there", () => {
  const { files, commands } = containerd({ ...withCa, registries: ["registry.k8s.io"] })
  expect(files.slice(0, 2).map(({ path, text }) => [path, text])).toEqual([
    [
      "/etc/containerd/certs.d/registry.k8s.io/hosts.toml",
      `server = "https://registry.k8s.io"

[host."https://mirror.lan:8443/v2/registry.k8s.io"]
  capabilities = ["pull", "resolve"]
  override_path = true
  ca = "/etc/containerd/certs.d/mirror.lan:8443/ca.crt"
`,
    ],
    [
      "/etc/containerd/certs.d/mirror.lan:8443/hosts.toml",
      'server = "https://mirror.lan:8443"\nca = "/etc/containerd/certs.d/mirror.lan:8443/ca.crt"\n',
    ],
  ])
  expect(commands).toEqual([
    "sudo install -D -m 644 ca.crt /etc/containerd/certs.d/mirror.lan:8443/ca.crt",
    "sudo systemctl restart containerd",
    "sudo ctr images pull --hosts-dir /etc/containerd/certs.d registry.k8s.io/pause:3.10",
  ])
})
