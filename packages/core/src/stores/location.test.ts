import { expect, it } from "vitest"
import { TransferError } from "../errors/transfer-error.ts"
import { formatLocation, parseLocation } from "./location.ts"

const digest = `sha256:${"a".repeat(64)}`
const nginx = { registry: "docker.io", repository: "library/nginx", tag: "latest" }

it.each([
  ["nginx", { transport: "docker", reference: nginx }, "docker://nginx:latest"],
  ["docker://nginx", { transport: "docker", reference: nginx }, "docker://nginx:latest"],
  [
    " localhost:5000/x:1 ",
    { transport: "docker", reference: { registry: "localhost:5000", repository: "x", tag: "1" } },
    "docker://localhost:5000/x:1",
  ],
  [
    `quay.io/a/b@${digest}`,
    { transport: "docker", reference: { registry: "quay.io", repository: "a/b", digest } },
    `docker://quay.io/a/b@${digest}`,
  ],
  ["oci:/tmp/layout", { transport: "oci", path: "/tmp/layout" }, undefined],
  ["oci:layout:v1", { transport: "oci", path: "layout", reference: "v1" }, undefined],
  [
    "oci:layout:docker.io/library/nginx:1",
    { transport: "oci", path: "layout", reference: "docker.io/library/nginx:1" },
    undefined,
  ],
  [`oci:layout@${digest}`, { transport: "oci", path: "layout", reference: digest }, undefined],
  ["oci:me@home/layout:v1", { transport: "oci", path: "me@home/layout", reference: "v1" }, undefined],
  ["oci-archive:a.tar", { transport: "oci-archive", path: "a.tar" }, undefined],
  ["oci-archive:a.tar:v1", { transport: "oci-archive", path: "a.tar", reference: "v1" }, undefined],
  ["docker-archive:a.tar", { transport: "docker-archive", path: "a.tar" }, undefined],
  [
    "docker-archive:a.tar:nginx",
    { transport: "docker-archive", path: "a.tar", reference: nginx },
    "docker-archive:a.tar:nginx:latest",
  ],
  ["docker-archive:a.tar:@2", { transport: "docker-archive", path: "a.tar", reference: 2 }, undefined],
  ["docker-daemon:nginx:latest", { transport: "docker-daemon", reference: nginx }, undefined],
  ["cache:nginx", { transport: "cache", repository: "nginx", reference: "latest" }, "cache:nginx:latest"],
  ["cache:library/nginx:1.27", { transport: "cache", repository: "library/nginx", reference: "1.27" }, undefined],
  [
    "cache:gcr.io/google-containers/pause:3.2",
    { transport: "cache", repository: "gcr.io/google-containers/pause", reference: "3.2" },
    undefined,
  ],
  [`cache:library/nginx@${digest}`, { transport: "cache", repository: "library/nginx", reference: digest }, undefined],
])("reads %s, and writes it back", (text, location, canonical) => {
  expect(parseLocation(text)).toEqual(location)
  expect(formatLocation(parseLocation(text))).toBe(canonical ?? text)
  expect(parseLocation(formatLocation(parseLocation(text)))).toEqual(location)
})

const forms =
  "docker://NAME, oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:NAME], docker-daemon:NAME, cache:NAME[:TAG]"

it.each([
  ["", '"" is empty', `use one of ${forms}`],
  ["oci:", '"oci:" names no path', `use one of ${forms}`],
  ["oci::v1", '"oci::v1" names no path', `use one of ${forms}`],
  ["oci:a:", '"oci:a:" ends in a colon without a tag', "leave the colon away, or write a tag after it"],
  ["oci:a@sha256:12", '"oci:a@sha256:12" ends in something that is no digest', "a digest is sha256: and 64 hexadecimal digits"],
  ["oci:a\0b", '"oci:a\0b" has a NUL byte in its path', "write the path without it"],
  ["docker-archive:a:@x", '"docker-archive:a:@x" has no number after @', "write :@0 for the first image of the archive"],
  ["docker-daemon:", '"docker-daemon:" names no image', "write docker-daemon:nginx:latest"],
  ["cache:", '"cache:" names no image', "write cache:library/nginx:latest"],
  ["dir:/tmp/x", '"dir:/tmp/x" uses dir:, which is not spoken here', `use one of ${forms}`],
  ["foo:/tmp/x", '"foo:/tmp/x" uses foo:, which is not spoken here', `use one of ${forms}`],
])("explains what is wrong with %j", (text, message, hint) => {
  const refuse = () => parseLocation(text)
  expect(refuse).toThrow(TransferError)
  expect(refuse).toThrow(expect.objectContaining({ code: "usage", message, hint }))
})

it.each(["docker://", "cache:../../etc", "docker-archive:a.tar:Nginx", "cache:library/..:x"])(
  "leaves names to their grammar: %s",
  (text) => {
    expect(() => parseLocation(text)).toThrow(expect.objectContaining({ code: "reference_invalid" }))
  },
)
