import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { type DockerDaemon, dockerDaemon, freePort, image, needs, runProgram, testRegistry, which } from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { buildProgram, fetchUntil, repository } from "./program.fixture.ts"

const lacking = needs("dockerd", "docker", "root")
const minutes = 60_000

/** What the last stage of the Dockerfile needs of a base: this machine's Node, a shell and a few tools, with the libraries they load. */
async function baseImage(root: string): Promise<Buffer> {
  const programs = ["node", "sh", "ln", "mkdir", "chown", "env"].map((name) => which(name) ?? "")
  const libraries = await Promise.all(programs.map((path) => runProgram("ldd", [path])))
  const loaded = libraries.flatMap((lines) => [...lines.toString().matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path ?? ""))
  for (const path of new Set([...programs, ...loaded])) {
    // Where links of a merged /usr lead is where the loader looks, too: every file stands under the name it is called by.
    await mkdir(join(root, dirname(path)), { recursive: true })
    await copyFile(path, join(root, path))
    await chmod(join(root, path), 0o755)
  }
  await mkdir(join(root, "usr/local/bin"), { recursive: true })
  await mkdir(join(root, "bin"), { recursive: true })
  await copyFile(which("sh") ?? "", join(root, "bin/sh"))
  await mkdir(join(root, "tmp"))
  await chmod(join(root, "tmp"), 0o1777)
  return runProgram("tar", ["-C", root, "-c", "."])
}

/** The Dockerfile from its last FROM on, with the tree beside it in place of the stage that makes it. */
async function buildContext(context: string): Promise<string> {
  await runProgram(process.execPath, [join(repository, "docker/production-tree.mjs"), join(context, "production")])
  const text = await readFile(join(repository, "docker/Dockerfile"), "utf8")
  const last = text.slice(text.lastIndexOf("FROM ")).replace("--from=build /production", "production")
  expect(last).toContain("COPY production /app")
  await writeFile(join(context, "Dockerfile"), `ARG BASE\n${last}`)
  return context
}

describe.skipIf(lacking)("the container image", () => {
  let daemon: DockerDaemon
  const folders: string[] = []
  const temporary = async () => {
    const path = await mkdtemp(join(tmpdir(), "entrepot-image-"))
    folders.push(path)
    return path
  }

  beforeAll(async () => {
    await buildProgram()
    await runProgram(process.execPath, [join(repository, "packages/cli/build.mjs")])
    daemon = await dockerDaemon()
    await daemon.docker(["import", "-", "base"], await baseImage(await temporary()))
    const build = [
      "build",
      "--network",
      "none",
      "--build-arg",
      "BASE=base",
      "-t",
      "entrepot",
      await buildContext(await temporary()),
    ]
    await daemon.docker(build)
  }, 8 * minutes)
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]()
    for (const path of folders) await rm(path, { recursive: true, force: true })
  })

  test(
    "is small, runs as nobody in particular, and mirrors; its history outlives the container",
    async () => {
      const app = image({ seed: "container", layers: [{ sizeBytes: 300_000 }] })
      const source = await testRegistry({ images: { "team/app:1": app } })
      const target = await testRegistry()
      onTestFinished(async () => {
        await source.close()
        await target.close()
      })
      const inspected = JSON.parse((await daemon.docker(["image", "inspect", "entrepot"])).toString())[0]
      expect(inspected.Config.User).toBe("1000:1000")
      const application =
        Number(inspected.Size) - Number(JSON.parse((await daemon.docker(["image", "inspect", "base"])).toString())[0].Size)
      expect(application).toBeLessThan(80_000_000)

      const port = await freePort()
      const url = `http://127.0.0.1:${port}`
      const token = "a token of this test"
      const run = ["--network", "host", "--read-only", "--cap-drop", "ALL", "-e", `PORT=${port}`, "-e", `DEFAULT_TOKEN=${token}`]
      await daemon.docker(["run", "-d", "--name", "one", "-v", "history:/app/data", ...run, "entrepot"])
      onTestFinished(async () => {
        await daemon.docker(["rm", "-f", "one"]).catch(() => undefined)
      })
      await fetchUntil(`${url}/readyz`, 200)
      await expect.poll(health, { timeout: minutes, interval: 500 }).toBe("healthy")
      const page = await fetchUntil(url, 200).then((answer) => answer.text())
      const [, script] = /src="(\/_next\/static\/[^"]+)"/.exec(page) ?? []
      const compressed = await fetch(`${url}${script}`, { headers: { "accept-encoding": "br" } })
      expect([compressed.status, compressed.headers.get("content-encoding")]).toEqual([200, "br"])

      const cookie = await logIn(url, token)
      const answer = await fetch(`${url}/api/proxy/start`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: url, cookie },
        body: JSON.stringify({ source_image: `${source.host}/team/app:1`, target_host: target.host }),
      }).then((response) => response.json())
      expect(answer).toMatchObject({ success: true })
      await daemon.docker(["restart", "one"])
      await fetchUntil(`${url}/readyz`, 200)
      const history = await fetch(`${url}/api/history`, { headers: { cookie: await logIn(url, token) } }).then((response) =>
        response.json(),
      )
      expect(history).toMatchObject({ success: true, data: [{ status: "success", target_image: answer.target_image }] })
      expect((await daemon.docker(["exec", "one", "entrepot", "parse", "nginx"])).toString()).toContain("docker.io")

      await daemon.docker(["stop", "one"])
      expect((await daemon.docker(["inspect", "-f", "{{.State.ExitCode}}", "one"])).toString().trim()).toBe("0")
    },
    3 * minutes,
  )

  async function health(): Promise<string> {
    return (await daemon.docker(["inspect", "-f", "{{.State.Health.Status}}", "one"])).toString().trim()
  }
})

async function logIn(url: string, token: string): Promise<string> {
  const answer = await fetch(`${url}/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ token }),
  })
  expect(answer.status).toBe(200)
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";", 1)[0])
    .join("; ")
}
