import { expect, test } from "vitest"
import { formatFamiliar } from "../reference/index.ts"
import { type FoundImage, findImages } from "./index.ts"

const digest = `sha256:${"0123456789abcdef".repeat(4)}`

/** `nginx:1.27 2,5 services.web; services.db`, or the problem in place of the name. */
function told({ reference, problem, target, lines, where }: FoundImage): string {
  const name = reference === undefined ? `!! ${problem?.message}` : formatFamiliar(reference)
  const places = where.filter((place) => place !== "").join("; ")
  return [name, ...(target === undefined ? [] : ["->", target]), lines.join(","), ...(places === "" ? [] : [places])].join(" ")
}

function found(text: string): { readonly kind: string; readonly images: readonly string[]; readonly problem?: string } {
  const { kind, images, problem } = findImages(text)
  return { kind, images: images.map(told), ...(problem === undefined ? {} : { problem: problem.message }) }
}

test("a list is read as people paste it: bullets, quotes, commas, commands, comments, addresses", () => {
  const text = [
    "\uFEFF# ours",
    "- nginx:1.27",
    "* `redis:7`,",
    "1. busybox   # small",
    "\"alpine\", 'debian:12'；postgres:16",
    "$ sudo docker pull quay.io/a/b:1 && docker pull c/d",
    "docker run -d \\",
    "  --name web nginx:1.28",
    "FROM node:20 AS build",
    "https://hub.docker.com/r/bitnami/redis/tags",
    "10.0.0.1:5000/x#y",
    "```sh",
    "---",
    "",
  ].join("\r\n")
  expect(found(text)).toEqual({
    kind: "list",
    images: [
      "nginx:1.27 2",
      "redis:7 3",
      "busybox:latest 4",
      "alpine:latest 5",
      "debian:12 5",
      "postgres:16 5",
      "quay.io/a/b:1 6",
      "c/d:latest 6",
      "nginx:1.28 7",
      "node:20 9",
      "bitnami/redis:latest 10",
      '!! "10.0.0.1:5000/x#y" is not an image name: "#" cannot stand in a repository name 11',
    ],
  })
})

test("a list may say where an image goes to", () => {
  const text = [
    "nginx -> harbor.example.com/web/nginx:1",
    "redis=>harbor.example.com/cache/redis",
    "busybox harbor.example.com/tools/busybox",
    "quay.io/a/b=localhost/a/b:2",
    "quay.io/c/d:v1: harbor.example.com/c/d:v1",
    "nginx 1.27",
    "redis ->",
    "a -> b -> c",
    "nginx -> Harbor.example.com/Web",
  ].join("\n")
  expect(found(text).images).toEqual([
    "nginx:latest -> harbor.example.com/web/nginx:1 1",
    "redis:latest -> harbor.example.com/cache/redis 2",
    "busybox:latest -> harbor.example.com/tools/busybox 3",
    "quay.io/a/b:latest -> localhost/a/b:2 4",
    "quay.io/c/d:v1 -> harbor.example.com/c/d:v1 5",
    '!! "nginx 1.27" is not an image name: it has a blank inside 6',
    '!! "redis ->" is not an image, nor IMAGE -> TARGET 7',
    '!! "a -> b -> c" is not an image, nor IMAGE -> TARGET 8',
    '!! "Harbor.example.com/Web" is not an image name: repository names are lowercase -> Harbor.example.com/Web 9',
  ])
  expect(findImages("nginx 1.27").images[0]?.problem?.hint).toBe('did you mean "nginx:1.27"?')
})

test("a list may be JSON or YAML; a colon too much makes none", () => {
  expect(found('["nginx:1.27", "redis:7"]')).toEqual({ kind: "list", images: ["nginx:1.27 1", "redis:7 1"] })
  expect(found('[\n  "nginx:1.27",\n  "redis:7"\n]').images).toEqual(["nginx:1.27 2", "redis:7 3"])
  expect(found("- nginx:1.27\n- redis:7 # cache\n").images).toEqual(["nginx:1.27 1", "redis:7 2"])
  expect(found("redis:7\nnginx: 1.27")).toEqual({
    kind: "list",
    images: ["redis:7 1", '!! "nginx: 1.27" is not an image name: it has a blank inside 2'],
  })
  expect(found("")).toEqual({ kind: "list", images: [] })
})

test("an image that stands there twice is told once, with both lines; another target makes it another", () => {
  expect(found("nginx\nredis\ndocker.io/library/nginx:latest\nnginx -> h.io/a/nginx").images).toEqual([
    "nginx:latest 1,3",
    "redis:latest 2",
    "nginx:latest -> h.io/a/nginx 4",
  ])
})

test("a compose file names the images of its services, with anchors, merge keys and defaults", () => {
  const text = `
x-base: &base
  image: base:1.20
x-unused:
  image: unused:1
services:
  web:
    <<: *base
  proxy:
    <<: [*base]
    image: nginx:1.27
  db:
    image: "\${REGISTRY:-docker.io}/library/postgres:\${TAG-\${OTHER:-16}}"
  built:
    build: .
  unset:
    image: app:\${TAG}
  required:
    image: app:\${TAG:?say which}
  mounts:
    image: nginx:1.27
    volumes:
      - ./data:/data
      - { type: image, source: quay.io/models/small:2, target: /models }
`
  expect(found(text)).toEqual({
    kind: "compose",
    images: [
      "base:1.20 3 services.web",
      "nginx:1.27 11,21 services.proxy; services.mounts",
      "postgres:16 13 services.db",
      '!! "app:${TAG}" is not an image name: the variable TAG is not set here 17 services.unset',
      '!! "app:${TAG:?say which}" is not an image name: the variable TAG is not set here 19 services.required',
      "quay.io/models/small:2 24 services.mounts: volumes[1]",
    ],
  })
  const [, , database, unset] = findImages(text).images
  expect(database?.text).toBe("${REGISTRY:-docker.io}/library/postgres:${TAG-${OTHER:-16}}")
  expect(unset?.problem).toMatchObject({
    code: "reference_invalid",
    hint: "write the value in its place, or give it a default: ${TAG:-value}",
  })
})

test("manifests of Kubernetes name the images of every pod spec, wherever it stands", () => {
  const pod = "{containers: [{name: app, image: 'app:1.10'}], ephemeralContainers: [{image: debug}]}"
  const text = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      initContainers:
        - image: busybox:1.36
          name: wait
      containers:
        - name: nginx
          image: nginx:1.27@${digest}
        - {name: sidecar, image: ""}
      volumes:
        - name: model
          image: {reference: quay.io/models/small:2, pullPolicy: Always}
        - name: data
          emptyDir: {}
---
apiVersion: v1
kind: List
items:
  - {apiVersion: batch/v1, kind: CronJob, metadata: {name: nightly}, spec: {jobTemplate: {spec: {template: {spec: ${pod}}}}}}
  - {apiVersion: v1, kind: Pod, metadata: {generateName: run-}, spec: ${pod}}
---
apiVersion: example.com/v1
kind: Whatever
metadata: {name: x}
spec:
  parts: [{runner: ${pod}}]
  image: quay.io/prometheus/prometheus:v2.50.0
  logo: {image: "https://example.com/logo.png"}
  avatar: {image: face}
---
# nothing here
`
  expect(found(text)).toEqual({
    kind: "kubernetes",
    images: [
      "busybox:1.36 9 Deployment/web: initContainers[0] wait",
      `nginx@${digest} 13 Deployment/web: containers[0] nginx`.replace("nginx@", "nginx:1.27@"),
      "quay.io/models/small:2 17 Deployment/web: volumes[0] model",
      "app:1.10 24,25,31 CronJob/nightly: containers[0] app; Pod/run-: containers[0] app; Whatever/x: containers[0] app",
      "debug:latest 24,25,31 CronJob/nightly: ephemeralContainers[0]; Pod/run-: ephemeralContainers[0]; Whatever/x: ephemeralContainers[0]",
      "quay.io/prometheus/prometheus:v2.50.0 32 Whatever/x: spec.image",
    ],
  })
})

test("kubectl's JSON is read as its YAML is", () => {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a" },
    spec: { containers: [{ name: "b", image: "nginx:1.27" }] },
  }
  expect(found(JSON.stringify(pod, undefined, 2))).toEqual({
    kind: "kubernetes",
    images: ["nginx:1.27 11 Pod/a: containers[0] b"],
  })
})

test("kustomizations and Helm values name images in parts", () => {
  const kustomization = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
images:
  - {name: nginx, newName: harbor.example.com/web/nginx, newTag: 1.10}
  - {name: redis, digest: "${digest}", newTag: ignored}
  - {name: app, newName: other/app}
  - name: untouched
`
  expect(found(kustomization).images).toEqual([
    "harbor.example.com/web/nginx:1.10 4 Kustomization: images[0] nginx",
    `redis@${digest} 5 Kustomization: images[1] redis`,
    '!! "other/app" is not complete: its tag is chosen elsewhere 6 Kustomization: images[2] app',
  ])
  const values = `image:
  registry: quay.io
  repository: prometheus/prometheus
  tag: v2.50
  sha: ""
sidecar: {image: "nginx:1"}
initImage: {repository: busybox, digest: "${digest}"}
plain: {image: a/b, tag: 1.10}
exporter: {image: {repository: c/d, tag: ""}}
metrics: {repository: e/f, tag: v1}
chart: {repository: "https://charts.example.com", tag: v1}
empty: {image: ""}
images: ["quay.io/g/h:1", no]
`
  expect(found(values)).toEqual({
    kind: "kubernetes",
    images: [
      "quay.io/prometheus/prometheus:v2.50 3 image",
      "nginx:1 6 sidecar.image",
      `busybox@${digest} 7 initImage`,
      "a/b:1.10 8 plain.image",
      '!! "c/d" is not complete: its tag is chosen elsewhere 9 exporter.image',
      "e/f:v1 10 metrics",
      "quay.io/g/h:1 13 images[0]",
    ],
  })
})

test("of broken YAML the lines with an image are read, and the problem is told with its line", () => {
  const text = 'services:\n  web:\n    image: nginx:1.27\n   ports: [\n  db:\n    image: "redis:7" # cache\n    - image: *base\n'
  expect(found(text)).toEqual({
    kind: "compose",
    images: ["nginx:1.27 3", "redis:7 6"],
    problem: "line 4: this is not valid YAML: All mapping items must start at the same column",
  })
  const chart = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: {{ .Values.image }}:{{ .Values.tag }}\n"
  const [image] = findImages(chart).images
  expect(image?.problem?.message).toBe('"{{ .Values.image }}:{{ .Values.tag }}" is not an image name: it is a template')
  expect(image?.problem?.hint).toBe("paste what `helm template` prints")
})

test("one broken document does not take the others along", () => {
  const text = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: a:1}]}\n---\nimage: b:1\n image: c:1\n---\nimage: d:1\n"
  expect(found(text).images).toEqual(["a:1 3 Pod: containers[0]", "b:1 5", "c:1 6", "d:1 8 image"])
})

test("YAML without images is no list of wrong names", () => {
  expect(found("on: [push]\njobs:\n  build:\n    steps: []\n")).toEqual({ kind: "kubernetes", images: [] })
})

test("S9: too long a text and too many images are refused with their limit", () => {
  expect(found("a".repeat(1024 * 1024 + 1))).toEqual({
    kind: "list",
    images: [],
    problem: "the text is longer than 1048576 characters",
  })
  const many = Array.from({ length: 2001 }, (_, index) => `app:${index}`).join("\n")
  const { images, problem } = findImages(many)
  expect(images.length).toBe(2000)
  expect(problem?.message).toBe("there are more than 2000 images; only the first 2000 were read")
  expect(findImages(many, { textLength: 1e9, images: 1e6 }).images.length).toBe(2001)
})
