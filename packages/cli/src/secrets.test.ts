import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { join } from "node:path"
import { image, listenOnLoopback, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { type Executable, executableIn, type Finished } from "./executable.fixture.ts"

const canary = "cAnary-Passw0rd"
const small = image({ seed: "small" })
const basic = (user: string) => Buffer.from(`${user}:${canary}`).toString("base64")
/** In the base64 of anything, whatever stands before it. */
const fragments = [0, 1, 2].map((offset) =>
  Buffer.from("x".repeat(offset) + canary)
    .toString("base64")
    .slice(4, -4),
)
const forms = [canary, ...fragments, basic("ada"), basic("<token>"), encodeURIComponent(basic("ada"))]

/** A server on a port of its own that keeps every byte it was sent. */
async function recording(answer: (request: IncomingMessage, response: ServerResponse, host: string) => void) {
  let seen = ""
  let host = ""
  const server = createServer((request, response) => answer(request, response, host))
  server.on("connection", (socket) =>
    socket.on("data", (chunk: Buffer) => {
      seen += chunk.toString("latin1")
    }),
  )
  const listening = await listenOnLoopback(server)
  host = listening.host
  onTestFinished(() => listening.close())
  return { host, seen: () => seen }
}

/** Docker's configuration in the home of the executable. */
async function dockerConfig({ directory }: Executable, config: object): Promise<void> {
  await mkdir(join(directory, ".docker"), { recursive: true })
  await writeFile(join(directory, ".docker/config.json"), JSON.stringify(config))
}

function expectNoSecret(what: string, text: string): void {
  for (const form of forms) expect(text.includes(form), `${what} shows ${form}`).toBe(false)
}

/** What a run has printed, and every file that it has written but Docker's own. */
async function expectSilence(result: Finished, { directory }: Executable): Promise<void> {
  expectNoSecret("standard output", result.stdout)
  expectNoSecret("standard error", result.stderr)
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || path.includes("/.docker/") || path.includes("/bin/")) continue
    expectNoSecret(path, await readFile(path, "latin1"))
  }
}

const auths = (host: string) => ({ auths: { [host]: { auth: basic("ada") } } })

test.each([
  (evil: string) => `http://${evil}/token`,
  (evil: string) => `http://ada:pw@${evil}/token`,
  (evil: string) => `http://localhost:${evil.split(":")[1]}/token`,
  (evil: string) => `http://[::ffff:127.0.0.1]:${evil.split(":")[1]}/token`,
])("a registry that names another port as its token server gets nobody's password sent there (S1)", async (realm) => {
  const evil = await recording((_request, response) => response.end('{"token":"t"}'))
  const registry = await recording((_request, response) =>
    response.writeHead(401, { "www-authenticate": `Bearer realm="${realm(evil.host)}"` }).end(),
  )
  await using entrepot = await executableIn()
  await dockerConfig(entrepot, auths(registry.host))
  // the token server counts as configured, so that the rule for addresses does not do the work of the rule for realms
  const args = ["mirror", `${registry.host}/app:1`, "--retry-attempts", "1", "--plain-http", evil.host]
  const result = await entrepot.start(args)
  expect(result.code).not.toBe(0)
  expectNoSecret("the token server", evil.seen())
  await expectSilence(result, entrepot)
})

test("the password goes to the registry that it is for, so that the tests above can fail", async () => {
  const registry = await recording((request, response) => {
    if (request.headers.authorization) response.writeHead(404).end()
    else response.writeHead(401, { "www-authenticate": "Basic" }).end()
  })
  await using entrepot = await executableIn()
  await dockerConfig(entrepot, auths(registry.host))
  await entrepot.start(["mirror", `${registry.host}/app:1`, "--retry-attempts", "1"])
  expect(registry.seen()).toContain(basic("ada"))
})

test("a redirect to a second host that asks for a login gets none (S2)", async () => {
  for (const challenge of ["Basic", 'Bearer realm="/token"']) {
    const second = await recording((_request, response) => response.writeHead(401, { "www-authenticate": challenge }).end())
    const registry = await recording((request, response) => {
      if (!request.headers.authorization) response.writeHead(401, { "www-authenticate": "Basic" }).end()
      else response.writeHead(307, { location: `http://${second.host}/blob` }).end()
    })
    await using entrepot = await executableIn()
    await dockerConfig(entrepot, { auths: { [registry.host]: { auth: basic("ada") }, [second.host]: { auth: basic("ada") } } })
    const args = ["mirror", `${registry.host}/app:1`, "--retry-attempts", "1", "--plain-http", second.host]
    await expectSilence(await entrepot.start(args), entrepot)
    expect(second.seen()).toContain(" /blob HTTP/1.1")
    expect(second.seen().toLowerCase()).not.toContain("authorization")
    expectNoSecret("the second host", second.seen())
  }
})

/** How a person can give a password, and the output in which it must not appear. */
const ways: readonly (readonly [string, readonly string[], { input?: string; env?: Record<string, string> }])[] = [
  ["standard input", ["--username", "ada", "--password-stdin"], { input: canary }],
  ["the environment", [], { env: { ENTREPOT_USERNAME: "ada", ENTREPOT_PASSWORD: canary } }],
  ["an argument", ["--username", "ada", "--password", canary], {}],
]
const outputs = [["--plain"], ["--json"], ["--quiet"]] as const

/** Answers everything with this status, and gives back what it was sent. */
const echoing = (status: number) => (request: IncomingMessage, response: ServerResponse) => {
  const { authorization } = request.headers
  if (authorization === undefined) return response.writeHead(401, { "www-authenticate": "Basic" }).end()
  const message = `you sent ${authorization} and ${authorization.split(" ")[1]} that is ${canary}`
  return response.writeHead(status).end(JSON.stringify({ errors: [{ code: "DENIED", message }] }))
}

test.each(ways)("a password from %s is in no output, whatever comes of it (S19)", async (_, args, options) => {
  await using source = await testRegistry({ images: { "team/app:1": small } })
  for (const [at, output] of outputs.entries()) {
    const status = [403, 500, 401][at] ?? 403
    const registry = await recording(echoing(status))
    await using entrepot = await executableIn()
    const command = ["mirror", `${source.host}/team/app:1`, "--to", registry.host, "--retry-attempts", "1", ...output, ...args]
    const env = { ...options.env, DEBUG: "*" }
    const result = await entrepot.start(command, { ...options, env })
    expect(result.code).not.toBe(0)
    expect(registry.seen()).toContain(basic("ada"))
    await expectSilence(result, entrepot)
  }
})

test("a login that works shows nothing either, and neither cache nor list has it (S19)", async () => {
  await using source = await testRegistry({ images: { "team/app:1": small }, auth: { token: { ada: canary } } })
  await using entrepot = await executableIn()
  await dockerConfig(entrepot, { auths: { [source.host]: { auth: basic("ada") } } })
  for (const args of [
    ["mirror", `${source.host}/team/app:1`, "--json"],
    ["tags", `${source.host}/team/app`],
    ["list", "--json"],
  ]) {
    const result = await entrepot.start(args, { env: { DEBUG: "*" } })
    expect(result.code, result.stderr).toBe(0)
    await expectSilence(result, entrepot)
  }
})

test("credential helpers and we ourselves have no secret among our arguments (S19)", async () => {
  await using entrepot = await executableIn()
  const bin = join(entrepot.directory, "bin")
  const recorded = join(bin, "recorded")
  await mkdir(bin)
  const helper = join(bin, "docker-credential-canary")
  const script = `#!/bin/sh
{ tr '\\0' ' ' </proc/$$/cmdline; tr '\\0' ' ' </proc/$PPID/cmdline; echo; } >>'${recorded}'
cat >/dev/null
echo '{"ServerURL":"x","Username":"ada","Secret":"${canary}"}'
`
  await writeFile(helper, script)
  await chmod(helper, 0o755)
  const registry = await recording(echoing(403))
  await dockerConfig(entrepot, { credHelpers: { [registry.host]: "canary" } })
  const env = { PATH: `${bin}:${process.env.PATH ?? ""}` }
  const shown = await entrepot.start(["mirror", `${registry.host}/app:1`, "--retry-attempts", "1"], { env })
  const fromHelper = await entrepot.start(["tags", `${registry.host}/app`], { env })
  expect(registry.seen()).toContain(basic("ada"))
  const input = { env, input: canary }
  const login = await entrepot.start(["login", registry.host, "--username", "ada", "--password-stdin"], input)
  for (const result of [shown, fromHelper, login]) await expectSilence(result, entrepot)
  const commandLines = await readFile(recorded, "utf8")
  expect(commandLines).toContain("docker-credential-canary get")
  expectNoSecret("the command line", commandLines)
})

test("the password of a proxy is in no output (S19)", async () => {
  const proxy = await recording((_request, response) => response.writeHead(407).end(`no ${basic("ada")}`))
  await using entrepot = await executableIn()
  for (const name of ["http_proxy", "https_proxy"]) {
    const env = { [name]: `http://ada:${canary}@${proxy.host}`, DEBUG: "*" }
    const args = [
      "mirror",
      "registry.example.com/app:1",
      "--retry-attempts",
      "1",
      ...(name === "http_proxy" ? ["--plain-http", "registry.example.com"] : []),
    ]
    const result = await entrepot.start(args, { env })
    expect(result.code).not.toBe(0)
    await expectSilence(result, entrepot)
  }
  expect(proxy.seen()).toContain(basic("ada"))
})

test("the query of a signed URL is in no output (S19)", async () => {
  const storage = await recording((_request, response) => response.writeHead(500).end())
  const registry = await recording((_request, response) =>
    response.writeHead(307, { location: `http://${storage.host}/blob?X-Amz-Signature=${canary}` }).end(),
  )
  await using entrepot = await executableIn()
  for (const output of outputs) {
    const args = ["mirror", `${registry.host}/app:1`, "--retry-attempts", "1", "--plain-http", storage.host, ...output]
    const result = await entrepot.start(args)
    expect(result.code).not.toBe(0)
    await expectSilence(result, entrepot)
  }
  expect(storage.seen()).toContain(canary)
})

test("DEBUG does not make the Docker client print what it sends to the daemon (S19)", async () => {
  await using entrepot = await executableIn()
  const socketPath = join(entrepot.directory, "docker.sock")
  const auths: string[] = []
  const daemon = createServer((request, response) => {
    const auth = String(request.headers["x-registry-auth"] ?? "")
    auths.push(Buffer.from(auth, "base64url").toString())
    if (request.url?.endsWith("/_ping")) response.end("OK")
    else if (auth === "") response.writeHead(403).end()
    else response.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify({ message: "broken" }))
  })
  await new Promise<void>((resolve) => daemon.listen(socketPath, resolve))
  onTestFinished(() => void daemon.close())
  const args = ["mirror", "registry.example.com/app:1", "--to", "target.example.com", "--engine", "docker"]
  const env = {
    DOCKER_HOST: `unix://${socketPath}`,
    DEBUG: "*",
    ENTREPOT_SOURCE_USERNAME: "ada",
    ENTREPOT_SOURCE_PASSWORD: canary,
  }
  const result = await entrepot.start([...args, "--retry-attempts", "1"], { env })
  expect(result.code).not.toBe(0)
  expect(auths.join()).toContain(canary)
  expectNoSecret("standard error", result.stderr)
  expectNoSecret("standard output", result.stdout)
})
