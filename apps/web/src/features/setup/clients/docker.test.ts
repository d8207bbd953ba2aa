import { expect, test } from "vitest"
import { choicesWith, plainWithLogin, withCa } from "../setup-choices.fixture.ts"
import { docker } from "./docker.ts"

test("Docker Hub comes through a mirror, other registries by name", () => {
  expect(docker(choicesWith())).toEqual({
    files: [
      {
        path: "/etc/docker/daemon.json",
        text: '{\n  "registry-mirrors": [\n    "https://mirror.example.com"\n  ]\n}\n',
      },
    ],
    commands: ["sudo systemctl reload docker", "docker pull nginx", "# docker pull mirror.example.com/ghcr.io/NAME/IMAGE:TAG"],
    remarks: ["hubAlone", "ports"],
  })
})

test("plain HTTP has to be allowed; what wants a login is pulled by name, since mirrors are shown none", () => {
  expect(docker(plainWithLogin)).toEqual({
    files: [
      {
        path: "/etc/docker/daemon.json",
        text: `{
  "registry-mirrors": [
    "http://10.0.0.5:8080"
  ],
  "insecure-registries": [
    "10.0.0.5:8080"
  ]
}
`,
      },
    ],
    commands: [
      "sudo systemctl reload docker",
      "docker login --username ann 10.0.0.5:8080",
      "docker pull 10.0.0.5:8080/docker.io/library/nginx",
    ],
    remarks: ["hubAlone", "mirrorsWithoutLogin", "ports"],
  })
})

test("an authority is put where the daemon looks for that of this host", () => {
  expect(docker(withCa).commands[0]).toBe("sudo install -D -m 644 ca.crt /etc/docker/certs.d/mirror.lan:8443/ca.crt")
})

test.each([{ registries: ["ghcr.io"] }, { defaultRegistry: "ghcr.io" }])(
  "%o: there is no mirror where it would not be Docker Hub",
  (changes) => {
    const { files, commands, remarks } = docker(choicesWith(changes))
    expect([files, commands.includes("docker pull nginx"), remarks[0]]).toEqual([[], false, "hubNotHere"])
  },
)
