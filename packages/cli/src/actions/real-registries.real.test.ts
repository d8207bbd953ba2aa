import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import {
  dockerDaemon,
  dockerRegistry,
  image,
  index,
  needs,
  printingProgram,
  runnableImage,
  skopeo,
  tarArchive,
  testCa,
} from "@entrepot/testing"
import { describe, expect, test } from "vitest"
import { executableIn } from "../executable.fixture.ts"

const small = (seed: string, architecture = "amd64") =>
  image({ seed, layers: [{ sizeBytes: 20_000 }], platform: { os: "linux", architecture } })
const both = index([small("one"), small("two", "arm64")])
const password = "pa55-w0rd"

describe.skipIf(needs("docker-registry", "skopeo", "htpasswd", "openssl"))("the executable with real registries", () => {
  test("an index goes from a registry with a password to one with a private certificate, byte for byte", async () => {
    await using ca = await testCa()
    const certificate = await ca.certificate()
    await using source = await dockerRegistry({ htpasswd: { user: "ann", password } })
    await using target = await dockerRegistry({ tls: certificate })
    await using entrepot = await executableIn()
    await source.client.push("team/web:1", both)
    const mirror = ["mirror", `${source.host}/team/web:1`, "--to", `${target.host}/p`, "--naming", "basename", "--quiet"]
    const login = ["--source-username", "ann", "--source-password-stdin"]

    const untrusted = await entrepot.run([...mirror, ...login], { input: password })
    expect(untrusted.code).toBe(4)
    expect(untrusted.stderr).toContain("✗ The TLS certificate could not be verified; check the certificate\n")

    const result = await entrepot.run([...mirror, ...login, "--ca", ca.caPath], { input: password })
    expect(result).toEqual({ code: 0, stdout: `${target.host}/p/web:1\n`, stderr: "" })
    const arrived = await skopeo("inspect", "--raw", "--tls-verify=false", `docker://${target.host}/p/web:1`)
    expect(arrived.equals(both.manifest)).toBe(true)

    expect((await entrepot.run([...mirror, ...login, "--tls-verify=false"], { input: password })).code).toBe(0)
  })

  test("login once, and every later command knows", async () => {
    await using registry = await dockerRegistry({ htpasswd: { user: "ann", password } })
    await using entrepot = await executableIn()
    await registry.client.push("team/web:1", both)
    expect((await entrepot.run(["tags", `${registry.host}/team/web`])).code).toBe(3)
    await entrepot.run(["login", registry.host, "-u", "ann", "--password-stdin"], { input: password })
    expect((await entrepot.run(["tags", `${registry.host}/team/web`])).stdout).toBe("1\n")
    expect((await entrepot.run(["check", `${registry.host}/team`])).code).toBe(0)
    const copied = await entrepot.run(["copy", `docker://${registry.host}/team/web:1`, "oci:layout:1", "--quiet"])
    expect(copied).toEqual({ code: 0, stdout: "oci:layout:1\n", stderr: "" })
    const raw = await skopeo("inspect", "--raw", `oci:${join(entrepot.directory, "layout")}:1`)
    expect(raw.equals(both.manifest)).toBe(true)
  })

  test("pull and push by seed 4's options go through the cache, and blobs come out as they went in", async () => {
    await using source = await dockerRegistry()
    await using target = await dockerRegistry({ htpasswd: { user: "ann", password } })
    await using entrepot = await executableIn()
    await source.client.push("team/web:1", both)
    const pull = ["pull", "-r", "team/web", "-t", "1", "--registry", source.origin, "--cache-dir", "store", "--quiet"]
    expect((await entrepot.run(pull)).stdout).toBe("cache:team/web:1\n")
    const push = ["push", "-s", "team/web:1", "-r", "mine/web", "-t", "2", "--registry", target.origin, "--cache-dir", "store"]
    const limits = ["--retry-attempts", "2", "--max-concurrent", "2", "--skip-existing", "--quiet"]
    const pushed = await entrepot.run([...push, ...limits, "-u", "ann", "--password-stdin"], { input: password })
    expect(pushed).toEqual({ code: 0, stdout: `${target.host}/mine/web:2\n`, stderr: "" })
    expect((await target.client.manifest("mine/web", "2"))?.bytes).toEqual(both.manifest)
  })

  test("twelve tags arrive, and the second run finds all of them up to date", async () => {
    await using source = await dockerRegistry()
    await using target = await dockerRegistry()
    await using entrepot = await executableIn()
    for (let i = 0; i < 12; i++) await source.client.push(`team/app:v${i}`, small(`app ${i}`))
    const mirror = ["mirror", `${source.host}/team/app`, "--tags", "v\\d+", "--to", `${target.host}/p`, "--naming", "basename"]
    const first = await entrepot.run(mirror)
    expect(first.code).toBe(0)
    expect(first.stdout.trimEnd().split("\n").length).toBe(12)
    expect(first.stderr).toMatch(/12 images: 12 copied\n$/)
    expect((await entrepot.run(mirror)).stderr).toMatch(/12 images: 12 already up to date\n$/)
  })
})

describe.skipIf(needs("dockerd", "docker", "docker-registry", "root"))("the executable with a real Docker engine", () => {
  test("docker save, extract, push, docker pull, docker run; and the Docker engine carries an image too", async () => {
    await using daemon = await dockerDaemon()
    await using registry = await dockerRegistry()
    await using entrepot = await executableIn()
    const files = tarArchive([
      { name: "Dockerfile", content: Buffer.from("FROM scratch\nCOPY hello /hello\n") },
      { name: "hello", content: printingProgram("from the tar\n"), mode: 0o755 },
    ])
    await daemon.build("built:1", files)
    await writeFile(join(entrepot.directory, "built.tar"), await daemon.docker(["save", "built:1"]))
    expect((await entrepot.run(["extract", "-f", "built.tar", "--quiet"])).stdout).toBe("cache:built:1\n")
    const push = ["push", "-s", "built:1", "-r", "team/built", "-t", "1", "--registry", registry.origin, "--quiet"]
    expect((await entrepot.run(push)).stdout).toBe(`${registry.host}/team/built:1\n`)
    const name = `${registry.host}/team/built:1`
    await daemon.docker(["pull", "-q", name])
    expect((await daemon.docker(["run", "--rm", "--network", "none", name, "/hello"])).toString()).toBe("from the tar\n")

    await registry.client.push("team/run:1", runnableImage({ message: "it runs" }))
    const mirror = ["mirror", `${registry.host}/team/run:1`, "--to", `${registry.host}/docker`, "--naming", "basename"]
    const env = { DOCKER_HOST: daemon.host }
    const carried = await entrepot.run([...mirror, "--engine", "docker"], { env })
    expect(carried.stdout).toBe(`${registry.host}/docker/run:1\n`)
    expect(carried.stderr).toContain("pulling\n")
    await daemon.docker(["pull", "-q", `${registry.host}/docker/run:1`])
    expect((await daemon.docker(["run", "--rm", "--network", "none", `${registry.host}/docker/run:1`])).toString()).toBe(
      "it runs\n",
    )
  })

  test("without a daemon the Docker engine says so in one sentence, with an exit code of its own", async () => {
    await using entrepot = await executableIn()
    const env = { DOCKER_HOST: `unix://${entrepot.directory}/none.sock`, LANG: "zh_CN.UTF-8" }
    const result = await entrepot.run(["mirror", "nginx", "--to", "127.0.0.1:1/p", "--engine", "docker", "--quiet"], { env })
    expect(result.code).toBe(10)
    expect(result.stderr).toContain("✗ Docker服务异常\n")
  })
})
