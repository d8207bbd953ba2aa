import { expect, test } from "vitest"
import { choicesWith, plainWithLogin } from "../setup-choices.fixture.ts"
import { byName } from "./by-name.ts"
import { kubernetes } from "./kubernetes.ts"

test("pods have a pull secret where people log in, and need nothing otherwise", () => {
  expect(kubernetes(choicesWith())).toEqual({ files: [], commands: [], remarks: ["podsNeedNothing"] })
  expect(kubernetes(plainWithLogin)).toEqual({
    files: [
      {
        path: "entrepot-secret.yaml",
        text: `apiVersion: v1
kind: Secret
metadata:
  name: entrepot
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: "{\\"auths\\":{\\"10.0.0.5:8080\\":{\\"username\\":\\"ann\\",\\"password\\":\\"PASSWORD\\"}}}"
`,
      },
    ],
    commands: [
      "kubectl apply -f entrepot-secret.yaml",
      `kubectl patch serviceaccount default -p '{"imagePullSecrets":[{"name":"entrepot"}]}'`,
    ],
    remarks: ["podsByName", "secretInFile"],
  })
})

test("by name, every registry without a port can be pulled from", () => {
  expect(byName(choicesWith())).toEqual({
    files: [],
    commands: [
      "docker pull mirror.example.com/docker.io/library/nginx",
      "# docker pull mirror.example.com/ghcr.io/NAME/IMAGE:TAG",
    ],
    remarks: ["ports"],
  })
  expect(byName({ ...plainWithLogin, registries: ["registry.k8s.io"] })).toEqual({
    files: [],
    commands: ["docker login --username ann 10.0.0.5:8080", "docker pull 10.0.0.5:8080/registry.k8s.io/pause:3.10"],
    remarks: ["plainHttp"],
  })
})
