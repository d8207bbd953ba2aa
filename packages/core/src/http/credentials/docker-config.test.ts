import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import type { TransferError } from "../../errors/transfer-error.ts"
import { CredentialHelper } from "./credential-helper.ts"
import { basicAuthorization, credentials } from "./credentials.ts"
import { dockerCertificates } from "./docker-certificates.ts"
import { dockerConfig } from "./docker-config.ts"
import { eraseCredentials, storeCredentials } from "./store-credentials.ts"

let directory = ""
let path = ""

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "entrepot-credentials-"))
  path = join(directory, "config.json")
})

afterEach(() => rm(directory, { recursive: true, force: true }))

const base64 = (text: string) => Buffer.from(text).toString("base64")

async function config(file: unknown): Promise<void> {
  await writeFile(path, typeof file === "string" ? file : JSON.stringify(file))
}

async function read(): Promise<unknown> {
  return JSON.parse(await readFile(path, "utf8"))
}

/** `user:password` of what the file knows, or the identity token. */
async function lookUp(host: string, repository?: string): Promise<string | undefined> {
  const known = await dockerConfig({ path, env: { PATH: `${directory}:${process.env.PATH}` } })(host, repository)
  if (!known) return undefined
  if ("identityToken" in known) return known.identityToken
  return Buffer.from(basicAuthorization(known).slice("Basic ".length), "base64").toString()
}

/** A credential helper in shell, on a PATH of its own. */
async function helper(name: string, script: string): Promise<{ env: Record<string, string | undefined> }> {
  const file = join(directory, `docker-credential-${name}`)
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
  return { env: { PATH: `${directory}:${process.env.PATH}` } }
}

async function failureOf(work: Promise<unknown>): Promise<TransferError> {
  return work.then(
    () => {
      throw new Error("did not fail")
    },
    (error: TransferError) => error,
  )
}

test.each([
  [{ auth: base64("ada:p:w") }, "ada:p:w"],
  [{ auth: base64("ada:padded\0\0") }, "ada:padded"],
  [{ username: "ada", password: "pw" }, "ada:pw"],
  [{ auth: base64("<token>:"), identitytoken: "long" }, "long"],
  [{ auth: base64("<token>:as password") }, "as password"],
  [{}, undefined],
  [{ auth: "" }, undefined],
  [{ auth: base64("no colon") }, undefined],
])("the entry %j", async (entry, expected) => {
  await config({ auths: { "harbor.example.com": entry } })
  expect(await lookUp("harbor.example.com")).toBe(expected)
})

test.each(["https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io", "https://index.docker.io/v1"])(
  "Docker Hub's entry under the key %s is found by each of its names",
  async (key) => {
    await config({ auths: { [key]: { auth: base64("ada:pw") } } })
    for (const host of ["docker.io", "index.docker.io", "registry-1.docker.io"]) expect(await lookUp(host)).toBe("ada:pw")
    expect(await lookUp("auth.docker.io")).toBeUndefined()
  },
)

test.each([
  "https://harbor.example.com",
  "http://harbor.example.com/v2/",
  "https://Harbor.example.com/anything",
  "harbor.example.com:443",
  "harbor.example.com/v1/",
])("the old key %s", async (key) => {
  await config({ auths: { [key]: { auth: base64("ada:pw") } } })
  expect(await lookUp("harbor.example.com")).toBe("ada:pw")
  expect(await lookUp("harbor.example.com:8443")).toBeUndefined()
})

test("the entry of the longest namespace wins, by whole segments", async () => {
  const auths = {
    "quay.io": { auth: base64("host:1") },
    "quay.io/team": { auth: base64("team:2") },
    "quay.io/team/app": { auth: base64("app:3") },
  }
  await config({ auths })
  expect(await lookUp("quay.io", "other/app")).toBe("host:1")
  expect(await lookUp("quay.io", "team/else")).toBe("team:2")
  expect(await lookUp("quay.io", "team/app")).toBe("app:3")
  expect(await lookUp("quay.io", "team/app/sub")).toBe("app:3")
  expect(await lookUp("quay.io", "teammate/app")).toBe("host:1")
  expect(await lookUp("quay.io")).toBe("host:1")
})

test("no file, an empty one, and odd sections mean that nothing is known", async () => {
  expect(await lookUp("harbor.example.com")).toBeUndefined()
  for (const file of [
    "",
    "{}",
    { auths: [] },
    { auths: { "harbor.example.com": "x" } },
    { credHelpers: { x: 5 }, credsStore: 7 },
  ]) {
    await config(file)
    expect(await lookUp("harbor.example.com")).toBeUndefined()
  }
})

test("a damaged file is an error that quotes nothing of it", async () => {
  for (const text of ['{"auths": {"x": {"auth": "canary"', '"canary"', "[]"]) {
    await config(text)
    const failure = await failureOf(lookUp("harbor.example.com"))
    expect(failure).toMatchObject({ code: "local_io", message: `${path} is not a JSON object`, hint: "repair or remove it" })
    expect(`${failure.stack}${failure.cause}`).not.toContain("canary")
  }
})

test("the helper of a host is asked before the file", async () => {
  await helper("one", `read host; printf '{"ServerURL":"%s","Username":"%s","Secret":"s"}' "$host" "$host"`)
  await config({ credHelpers: { "harbor.example.com": "one" }, auths: { "harbor.example.com": { auth: base64("ada:pw") } } })
  expect(await lookUp("harbor.example.com")).toBe("harbor.example.com:s")
  expect(await lookUp("quay.io")).toBeUndefined()
})

test("the helper for all is asked for Docker Hub under its old key, and <token> is an identity token", async () => {
  await helper("all", `read host; printf '{"Username":"<token>","Secret":"for %s"}' "$host"`)
  await config({ credsStore: "all" })
  expect(await lookUp("docker.io")).toBe("for https://index.docker.io/v1/")
})

test("a helper that knows nothing leaves the file its say", async () => {
  await helper("none", 'echo "credentials not found in native keychain"; exit 1')
  await config({ credsStore: "none", auths: { "harbor.example.com": { auth: base64("ada:pw") } } })
  expect(await lookUp("harbor.example.com")).toBe("ada:pw")
  expect(await lookUp("quay.io")).toBeUndefined()
})

test("a helper for all that is not installed is told and passed over; one for a host is an error", async () => {
  const warnings: string[] = []
  await config({ credsStore: "desktop.missing".replace(".", "-") })
  expect(await dockerConfig({ path, onWarning: (message) => warnings.push(message) })("quay.io")).toBeUndefined()
  expect(warnings).toEqual(["docker-credential-desktop-missing is not installed"])
  await config({ credHelpers: { "quay.io": "absent" } })
  expect(await failureOf(lookUp("quay.io"))).toMatchObject({
    code: "local_io",
    message: "docker-credential-absent is not installed",
    hint: "install docker-credential-absent, or take it out of Docker's config.json",
  })
})

test.each(["a b", "../evil", "x;touch /tmp/y", "$(id)", "", "a/b", "é"])("%j is no helper's name", (name) => {
  expect(() => new CredentialHelper(name)).toThrow(/^not the name of a credential helper: /)
})

test("a host full of shell is only text to a helper", async () => {
  const options = await helper("echo", `printf '{"Username":"u","Secret":"%s"}' "$(base64 -w0)"`)
  const host = "$(touch evil);`id`|x"
  expect(await new CredentialHelper("echo", options).get(host)).toMatchObject({ password: base64(host) })
})

test.each([
  ["exec sleep 30", "docker-credential-bad did not answer within 0.2 s"],
  ["exec yes canary", `docker-credential-bad answered with more than ${256 * 1024} bytes`],
  ["echo canary; echo canary >&2; exit 3", "docker-credential-bad failed (3)"],
  ["echo canary", "docker-credential-bad did not answer with a user name and a secret"],
])("a helper that does %j fails, and its output is not repeated", async (script, message) => {
  const options = await helper("bad", script)
  const failure = await failureOf(new CredentialHelper("bad", { ...options, timeoutMs: 200 }).get("quay.io"))
  expect(failure).toMatchObject({ code: "local_io", message })
  expect(`${failure.stack}${failure.cause}`).not.toContain("canary")
})

test("login writes one entry, mode 0600, and leaves everything else as it was", async () => {
  const before = {
    HttpHeaders: { "User-Agent": "x" },
    auths: { "https://quay.io/v2/": { auth: "b2xkOm9sZA==" }, "ghcr.io": { email: "e" } },
  }
  await config(before)
  await chmod(path, 0o644)
  await storeCredentials(path, "quay.io", credentials({ username: "ada", password: "pw" }))
  expect(await read()).toEqual({ ...before, auths: { "ghcr.io": { email: "e" }, "quay.io": { auth: base64("ada:pw") } } })
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(directory)).toEqual(["config.json"])
  expect(await lookUp("quay.io")).toBe("ada:pw")
})

test("login makes the file and its directory, and keeps a link a link", async () => {
  path = join(directory, "new", "config.json")
  await storeCredentials(path, "docker.io", credentials({ identityToken: "long" }))
  expect(await read()).toEqual({ auths: { "https://index.docker.io/v1/": { auth: base64("<token>:"), identitytoken: "long" } } })
  const link = join(directory, "link.json")
  await symlink(path, link)
  await storeCredentials(link, "quay.io", credentials({ username: "ada", password: "pw" }))
  expect((await lstat(link)).isSymbolicLink()).toBe(true)
  expect([await lookUp("docker.io"), await lookUp("quay.io")]).toEqual(["long", "ada:pw"])
})

test("login and logout go through the helper where there is one, and the file holds no secret", async () => {
  const store = join(directory, "kept")
  const options = await helper(
    "keep",
    `case $1 in
store) cat > ${store};;
get) test -f ${store} && cat ${store} || { echo credentials not found; exit 1; };;
erase) rm ${store};;
esac`,
  )
  await config({ credsStore: "keep" })
  await storeCredentials(path, "quay.io", credentials({ username: "ada", password: "pw" }), options)
  expect(JSON.parse(await readFile(store, "utf8"))).toEqual({ ServerURL: "quay.io", Username: "ada", Secret: "pw" })
  expect(await read()).toEqual({ credsStore: "keep", auths: { "quay.io": {} } })
  expect(await lookUp("quay.io")).toBe("ada:pw")
  expect(await eraseCredentials(path, "quay.io", options)).toBe(true)
  expect(await read()).toEqual({ credsStore: "keep" })
  expect(await lookUp("quay.io")).toBeUndefined()
  expect(await eraseCredentials(path, "quay.io", options)).toBe(false)
})

test("logout forgets every name of the host and nothing else", async () => {
  const auths = { "docker.io": { auth: "x" }, "https://index.docker.io/v1/": { auth: "y" }, "docker.io/team": { auth: "z" } }
  await config({ auths })
  expect(await eraseCredentials(path, "docker.io")).toBe(true)
  expect(await read()).toEqual({ auths: { "docker.io/team": { auth: "z" } } })
  expect(await eraseCredentials(path, "quay.io")).toBe(false)
  expect(await eraseCredentials(join(directory, "absent.json"), "quay.io")).toBe(false)
})

test("a file that cannot be written is an error with its name", async () => {
  await writeFile(join(directory, "plain"), "")
  const failure = await failureOf(
    storeCredentials(join(directory, "plain", "config.json"), "quay.io", credentials({ identityToken: "t" })),
  )
  expect(failure).toMatchObject({
    code: "local_io",
    message: `${join(directory, "plain", "config.json")} cannot be written`,
    side: "local",
  })
})

test("certificates of a host, as Docker keeps them", async () => {
  const folder = join(directory, "harbor.example.com:8443")
  await mkdir(folder)
  for (const name of ["ca.crt", "other.crt", "client.cert", "client.key"]) await writeFile(join(folder, name), name)
  expect(await dockerCertificates(directory, "harbor.example.com:8443")).toEqual({
    ca: "ca.crt\nother.crt",
    clientCertificate: { cert: "client.cert", key: "client.key" },
  })
  expect(await dockerCertificates(directory, "harbor.example.com")).toEqual({})
  expect(await dockerCertificates(directory, "../harbor.example.com:8443")).toEqual({})
  expect(await dockerCertificates(join(directory, "absent"), "quay.io")).toEqual({})
  await rm(join(folder, "client.key"))
  expect((await failureOf(dockerCertificates(directory, "harbor.example.com:8443"))).message).toBe(
    `${join(folder, "client.key")} cannot be read`,
  )
})
