import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { image, index, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { executableIn } from "../executable.fixture.ts"

const small = image({ seed: "small" })
const both = index([small, image({ seed: "arm", platform: { os: "linux", architecture: "arm64" } })])

test("parse prints the parts of a name, and seed 0's fields as JSON", async () => {
  await using entrepot = await executableIn()
  expect(await entrepot.run(["parse", "nginx"])).toEqual({
    code: 0,
    stdout: `image       nginx:latest
registry    docker.io
namespace   library
repository  nginx
tag         latest
`,
    stderr: "",
  })
  const json = await entrepot.run(["parse", "--json", "docker pull gcr.io/google-containers/pause:3.2"])
  expect(JSON.parse(json.stdout)).toEqual({
    parsed_image: "gcr.io/google-containers/pause:3.2",
    registry: "gcr.io",
    namespace: "google-containers",
    repository: "pause",
    tag: "3.2",
  })
})

test("a name that is none gets a sentence, and what was probably meant", async () => {
  await using entrepot = await executableIn()
  expect(await entrepot.run(["parse", "Nginx"])).toEqual({
    code: 2,
    stdout: "",
    stderr: `✗ This is not an image name
  "Nginx" is not an image name: repository names are lowercase
  hint: did you mean "nginx"?
`,
  })
})

test("inspect shows platforms, layers and sizes; with --raw the manifest byte for byte", async () => {
  await using hub = await testRegistry({ images: { "library/web:latest": both } })
  await using entrepot = await executableIn()
  const name = `${hub.host}/library/web`
  const shown = await entrepot.run(["inspect", name, "--platform", "linux/arm64"])
  const arm = both.children[1]
  const layer = [...(arm?.blobs.keys() ?? [])][1]
  expect(shown.stdout).toBe(
    `image   ${name}:latest
digest  ${both.descriptor.digest}
type    application/vnd.oci.image.index.v1+json
size    1.42 kB in 2 blobs

linux/arm64  ${arm?.descriptor.digest}  1.42 kB
  ${layer?.slice(0, 19)}   1.02 kB  application/vnd.oci.image.layer.v1.tar+gzip
`,
  )
  expect((await entrepot.run(["inspect", name, "--raw"])).stdout).toBe(both.manifest.toString())
  const none = await entrepot.run(["inspect", name, "--platform", "windows/amd64"])
  expect(none.code).toBe(5)
  expect(none.stderr).toContain("hint: it has linux/amd64, linux/arm64\n")
})

test("tags come one a line", async () => {
  await using hub = await testRegistry({ images: { "team/app:1.20": small, "team/app:1.21": small, "team/app:dev": small } })
  await using entrepot = await executableIn()
  expect((await entrepot.run(["tags", `${hub.host}/team/app`])).stdout).toBe("1.20\n1.21\ndev\n")
  expect((await entrepot.run(["tags", `${hub.host}/team/app`, "--tags", "1.*", "--json"])).stdout).toBe('["1.20","1.21"]\n')
  expect((await entrepot.run(["tags", `${hub.host}/team/none`])).code).toBe(5)
})

test("check answers one question a line", async () => {
  await using hub = await testRegistry({ auth: { token: { bob: "hunter22" } } })
  await using entrepot = await executableIn()
  const refused = await entrepot.run(["check", `${hub.host}/team`])
  expect(refused.code).toBe(3)
  const accepted = await entrepot.run(["check", `${hub.host}/team`, "-u", "bob", "--password-stdin"], { input: "hunter22" })
  expect(accepted.stdout).toBe(
    `✓ reachable    yes
! TLS          no: plain HTTP, as this host may
✓ credentials  yes
✓ may push     yes
`,
  )
  expect(accepted.code).toBe(0)
  expect(hub.openUploads()).toBe(0)
})

test("login tries the credentials and keeps them where Docker does; logout forgets them", async () => {
  await using hub = await testRegistry({ images: { "team/app:1": small }, auth: { basic: { bob: "hunter22" } } })
  await using entrepot = await executableIn()
  const login = (password: string) =>
    entrepot.run(["login", hub.host, "--username", "bob", "--password-stdin"], { input: `${password}\n` })
  const file = join(entrepot.directory, ".docker/config.json")

  expect((await login("wrong-one")).code).toBe(3)
  await expect(readFile(file)).rejects.toThrow("ENOENT")

  expect(await login("hunter22")).toEqual({ code: 0, stdout: "", stderr: `Logged in to ${hub.host} as bob; kept in ${file}.\n` })
  const kept = JSON.parse(await readFile(file, "utf8"))
  expect(kept.auths[hub.host].auth).toBe(Buffer.from("bob:hunter22").toString("base64"))
  expect((await entrepot.run(["tags", `${hub.host}/team/app`])).stdout).toBe("1\n")

  expect((await entrepot.run(["logout", hub.host])).stderr).toBe(`Logged out of ${hub.host}.\n`)
  expect((await entrepot.run(["tags", `${hub.host}/team/app`])).code).toBe(3)
  expect((await entrepot.run(["logout", hub.host])).stderr).toBe(`There was no login for ${hub.host}.\n`)
})

test("wrong use has exit code 2 and says where help is; help is no error", async () => {
  await using entrepot = await executableIn()
  for (const args of [
    ["mirrror"],
    ["mirror", "nginx", "--limit-rate", "fast"],
    ["pull"],
    ["mirror"],
    ["mirror", "a", "--json", "--plain"],
  ]) {
    const result = await entrepot.run(args)
    expect(result.code, args.join(" ")).toBe(2)
    expect(result.stdout).toBe("")
  }
  expect((await entrepot.run(["mirrror"])).stderr).toBe(
    "error: unknown command 'mirrror'\n(Did you mean mirror?)\nsee entrepot help, or entrepot help COMMAND\n",
  )
  const help = await entrepot.run(["help", "mirror"])
  expect(help.code).toBe(0)
  expect(help.stdout).toContain("entrepot mirror nginx --to harbor.example.com/proxy")
  expect((await entrepot.run(["--help"])).stdout).toContain("130  stopped by Ctrl-C or SIGTERM")
})

test("whoever stops reading early gets no error", async () => {
  await using hub = await testRegistry({
    images: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`team/app:${i}`, small])),
  })
  await using entrepot = await executableIn()
  const result = await entrepot.start(["tags", `${hub.host}/team/app`], { closeStdout: true })
  expect(result).toEqual({ code: 0, stdout: "", stderr: "" })
})
