import { expect, test } from "vitest"
import { pullCommands, referenceOf } from "./pull-commands.ts"

test("a tag follows a colon, a digest an at sign", () => {
  expect(referenceOf("team/app", "1.0")).toBe("team/app:1.0")
  expect(referenceOf("docker.io/library/nginx", "sha256:ab")).toBe("docker.io/library/nginx@sha256:ab")
})

test("every client is told what it needs to know, and no more", () => {
  expect(pullCommands({ host: "mirror.example.com", origin: "https://mirror.example.com" }, "team/app", "1")).toEqual({
    docker: "docker pull mirror.example.com/team/app:1",
    podman: "podman pull mirror.example.com/team/app:1",
    skopeo: "skopeo copy --all docker://mirror.example.com/team/app:1 oci:app",
    crane: "crane pull mirror.example.com/team/app:1 app.tar",
    containerd: "ctr images pull mirror.example.com/team/app:1",
  })
  expect(pullCommands({ host: "localhost:8080", origin: "http://localhost:8080" }, "team/app", "1")).toEqual({
    docker: "docker pull localhost:8080/team/app:1",
    podman: "podman pull --tls-verify=false localhost:8080/team/app:1",
    skopeo: "skopeo copy --all --src-tls-verify=false docker://localhost:8080/team/app:1 oci:app",
    crane: "crane pull --insecure localhost:8080/team/app:1 app.tar",
    containerd: "ctr images pull --plain-http localhost:8080/team/app:1",
  })
})
