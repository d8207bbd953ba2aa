import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { readConfiguration } from "./read-configuration.ts"

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "configuration-"))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function write(name: string, text: string) {
  await mkdir(dirname(join(root, name)), { recursive: true })
  await writeFile(join(root, name), text)
}

const secret = "s".repeat(32)
const read = (variables: Record<string, string> = {}) => readConfiguration({ SERVER_SECRET: secret, ...variables }, { root })
const problems = async (variables: Record<string, string>) =>
  read(variables).then(
    () => [],
    (error: Error) => error.message.split("\n  "),
  )

test("everything has a default", async () => {
  const { accounts, ...rest } = await readConfiguration({}, { root })
  expect(rest).toEqual({
    listen: { host: "127.0.0.1", port: 8080 },
    publicUrl: undefined,
    trustedProxies: [],
    dataDirectory: join(root, "data"),
    database: { kind: "sqlite", path: join(root, "data/proxy.db") },
    logLevel: "info",
    jobs: { concurrency: 3, perOwner: undefined, limitRate: undefined, keepDays: undefined, defaultTarget: undefined },
    streams: { perCredential: 5, total: 500 },
    hosts: {},
    proxyVariables: { HTTP_PROXY: undefined, HTTPS_PROXY: undefined, ALL_PROXY: undefined, NO_PROXY: undefined },
    registry: {
      upstream: undefined,
      self: undefined,
      service: "docker-image-proxy",
      accounts: [],
      skipAuthProxy: false,
      anonymous: "auto",
      blobDirectory: join(root, "data/registry"),
      quotaBytes: undefined,
      tagLifetimeMs: 60_000,
      sendfile: undefined,
      accessLogDays: 30,
    },
    docker: {},
    locale: "zh",
    warnings: [],
  })
  expect(accounts).toMatchObject({ defaultToken: "docker-transformer", setupCode: undefined, masterKeys: [] })
})

test("seed 0's environment is understood", async () => {
  const found = await read({
    GIN_MODE: "release",
    LOG_LEVEL: "warning",
    DB_PATH: "./data/proxy.db",
    DEFAULT_TOKEN: "docker-proxy-2024",
  })
  expect(found.database).toEqual({ kind: "sqlite", path: join(root, "data/proxy.db") })
  expect(found.logLevel).toBe("warn")
  expect(found.accounts.defaultToken).toBe("docker-proxy-2024")
  expect(found.warnings).toEqual([])
})

test("the Docker daemon is where Docker's own variables say", async () => {
  expect((await read({ DOCKER_HOST: "unix:///run/user/1000/docker.sock" })).docker).toEqual({
    socketPath: "/run/user/1000/docker.sock",
  })
  expect((await read({ DOCKER_HOST: "tcp://build.example.com:2375" })).docker).toEqual({ host: "build.example.com", port: 2375 })
  expect(await problems({ DOCKER_HOST: "build.example.com" })).toEqual([
    "The configuration cannot be used:",
    "the value of DOCKER_HOST is not an address that can be used: write unix:///var/run/docker.sock or tcp://host:2375",
  ])
  const secure = { DOCKER_HOST: "tcp://build.example.com", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: join(root, "certificates") }
  expect(await problems(secure)).toEqual([
    "The configuration cannot be used:",
    `DOCKER_CERT_PATH: ${join(root, "certificates/ca.pem")} cannot be read`,
  ])
  for (const name of ["ca", "cert", "key"]) await write(`certificates/${name}.pem`, name)
  expect((await read(secure)).docker).toMatchObject({ host: "build.example.com", port: 2376, ca: Buffer.from("ca") })
})

test("every setting can come from the environment", async () => {
  await write("keys", `# newest first\n${Buffer.alloc(32, 7).toString("base64")}\n\n${"0a".repeat(32)}\n`)
  const found = await readConfiguration(
    {
      HOST: "0.0.0.0",
      PORT: "9090",
      PUBLIC_URL: "https://mirror.example.com/",
      TRUSTED_PROXIES: "10.0.0.0/8, ::1",
      LOG_LEVEL: "DEBUG",
      ENTREPOT_LANG: "zh",
      DATA_DIR: "elsewhere",
      DATABASE_URL: "postgres://entrepot:pw@db:5432/entrepot",
      SETUP_CODE: "open sesame",
      SERVER_SECRET: `${"n".repeat(32)},${"o".repeat(33)}`,
      MASTER_KEY_FILE: "keys",
      JOB_CONCURRENCY: "8",
      JOBS_PER_OWNER: "2",
      LIMIT_RATE: "1.5Mi",
      KEEP_DAYS: "30",
      DEFAULT_TARGET: "harbor.example.com/proxy",
      DEFAULT_TARGET_USERNAME: "robot",
      DEFAULT_TARGET_PASSWORD: "pw",
      INSECURE_REGISTRIES: "127.0.0.1:5000,Registry.internal",
      STREAMS_PER_SESSION: "9",
      STREAMS_TOTAL: "99",
      HTTPS_PROXY: "http://proxy.example.com:3128",
      https_proxy: "socks5h://proxy.example.com:1080",
      UPSTREAM_REGISTRY: "https://registry.example.com/",
      SELF_REGISTRY: "http://mirror.internal:8080",
      SELF_AUTH_SERVICE: "mirror.internal",
      ACCOUNTS: `${Buffer.from("ann:a:b").toString("base64")}, ${Buffer.from("bob:c").toString("base64")}`,
      REGISTRY_ANONYMOUS: "No",
      BLOB_DIR: "blobs",
      REGISTRY_QUOTA: "1.5Ti",
      REGISTRY_TAG_TTL: "5m",
      REGISTRY_SENDFILE: "x-accel-redirect:/internal/",
      ACCESS_LOG_DAYS: "0",
    },
    { root },
  )
  expect(found).toEqual({
    listen: { host: "0.0.0.0", port: 9090 },
    publicUrl: "https://mirror.example.com",
    trustedProxies: ["10.0.0.0/8", "::1"],
    dataDirectory: join(root, "elsewhere"),
    database: { kind: "postgres", url: "postgres://entrepot:pw@db:5432/entrepot" },
    logLevel: "debug",
    accounts: {
      defaultToken: "docker-transformer",
      setupCode: "open sesame",
      serverSecrets: [new TextEncoder().encode("n".repeat(32)), new TextEncoder().encode("o".repeat(33))],
      masterKeys: [new Uint8Array(32).fill(7), new Uint8Array(32).fill(10)],
    },
    jobs: {
      concurrency: 8,
      perOwner: 2,
      limitRate: 1_572_864,
      keepDays: 30,
      defaultTarget: { address: "harbor.example.com/proxy", username: "robot", password: "pw" },
    },
    streams: { perCredential: 9, total: 99 },
    hosts: {
      "127.0.0.1:5000": { plainHttp: true, tlsVerify: false },
      "registry.internal": { plainHttp: true, tlsVerify: false },
    },
    proxyVariables: {
      HTTP_PROXY: undefined,
      HTTPS_PROXY: "socks5h://proxy.example.com:1080",
      ALL_PROXY: undefined,
      NO_PROXY: undefined,
    },
    registry: {
      upstream: "https://registry.example.com",
      self: "http://mirror.internal:8080",
      service: "mirror.internal",
      accounts: [
        { username: "ann", password: "a:b" },
        { username: "bob", password: "c" },
      ],
      skipAuthProxy: false,
      anonymous: "no",
      blobDirectory: join(root, "blobs"),
      quotaBytes: 1.5 * 1024 ** 4,
      tagLifetimeMs: 300_000,
      sendfile: { header: "x-accel-redirect", prefix: "/internal" },
      accessLogDays: undefined,
    },
    docker: {},
    locale: "zh",
    warnings: [],
  })
})

describe("config.toml", () => {
  test("stands behind the environment, and .env between them", async () => {
    await write("data/config.toml", '[server]\nhost = "0.0.0.0"\nport = "7000"\nlog_level = "error"\n')
    await write(".env", "PORT=7001\nLOG_LEVEL=warn\n")
    const found = await read({ PORT: "7002", HOST: "" })
    expect(found.listen).toEqual({ host: "0.0.0.0", port: 7002 })
    expect(found.logLevel).toBe("warn")
  })

  test("seed 3's file is understood, and says what became of [admin]", async () => {
    await write(
      "data/config.toml",
      `[server]\nhost = "127.0.0.1"\nport = "8081"\n[admin]\nusername = "admin"\npassword = "admin123"\n[database]\npath = "./data/registry.db"\n`,
    )
    const found = await read()
    expect(found.listen.port).toBe(8081)
    expect(found.database).toEqual({ kind: "sqlite", path: join(root, "data/registry.db") })
    expect(found.warnings).toEqual([
      "[admin] in config.toml changes nothing: log in with the token, and make users in the application",
    ])
  })

  test("hosts have settings of their own", async () => {
    await write("ca.pem", "-----BEGIN CERTIFICATE-----")
    await write(
      "data/config.toml",
      '[hosts."Harbor.example.com:8443"]\nca_file = "ca.pem"\n[hosts."127.0.0.1:5000"]\nplain_http = true\n',
    )
    expect((await read({ INSECURE_REGISTRIES: "127.0.0.1:5000" })).hosts).toEqual({
      "harbor.example.com:8443": { ca: "-----BEGIN CERTIFICATE-----" },
      "127.0.0.1:5000": { plainHttp: true, tlsVerify: false },
    })
  })

  test("says what it does not know", async () => {
    await write(
      "data/config.toml",
      'port = 8080\n[sever]\n[server]\nprot = 1\nport = 70000\n[jobs]\nconcurrency = 0\n[hosts."harbor.example.com"]\nplain-http = true\n[hosts."a b"]\n',
    )
    expect(await problems({})).toEqual([
      "The configuration cannot be used:",
      "data/config.toml: port stands outside a section; did you mean server.port?",
      "data/config.toml: [sever] is not a section; did you mean server?",
      "data/config.toml: server.prot is not a setting; did you mean server.port?",
      'data/config.toml: [hosts."harbor.example.com"] cannot be used: write plain_http and tls_verify as true or false, ca_file, certificate_file together with key_file',
      'data/config.toml: [hosts."a b"] is not a host: write HOST[:PORT]',
      "data/config.toml: server.port is 70000: write a port number, 0 to 65535",
      "data/config.toml: jobs.concurrency is 0: write a whole number from 1 to 64",
    ])
  })

  test("a file that is not TOML is told by line and column, without quoting it", async () => {
    await write("data/config.toml", '[accounts]\ndefault_token = "canary-secret\n')
    expect(await problems({})).toEqual(["The configuration cannot be used:", "data/config.toml: line 2, column 31 is not TOML"])
  })
})

describe("what is wrong is told all at once", () => {
  test("by the variable's name and what would be right", async () => {
    expect(
      await problems({
        PORT: "http",
        PUBLIC_URL: "mirror.example.com",
        TRUSTED_PROXIES: "10.0.0.0/33",
        LOG_LEVEL: "loud",
        ENTREPOT_LANG: "fr",
        LIMIT_RATE: "fast",
        KEEP_DAYS: "-1",
        DEFAULT_TARGET: "Harbor/Proxy",
        INSECURE_REGISTRIES: "http://127.0.0.1:5000",
        ALL_PROXY: "gopher://canary@proxy",
        UPSTREAM_REGISTRY: "registry-1.docker.io",
        SKIP_AUTH_PROXY: "maybe",
        REGISTRY_ANONYMOUS: "perhaps",
        REGISTRY_QUOTA: "200 GigaBytes",
        REGISTRY_TAG_TTL: "soon",
        REGISTRY_SENDFILE: "x-accel-redirect:/../etc",
      }),
    ).toEqual([
      "The configuration cannot be used:",
      'PUBLIC_URL is "mirror.example.com": write the address that browsers use, such as https://mirror.example.com, without a path',
      'PORT is "http": write a port number, 0 to 65535',
      'TRUSTED_PROXIES is "10.0.0.0/33": write addresses or networks separated by commas, such as 10.0.0.0/8,::1',
      'LOG_LEVEL is "loud": write trace, debug, info, warn, error or silent',
      'LIMIT_RATE is "fast": write bytes a second like 20M, 512K or 1.5Gi, at least 1024',
      'KEEP_DAYS is "-1": write a whole number of days, 0 to keep everything',
      'DEFAULT_TARGET is "Harbor/Proxy": write HOST[:PORT][/PROJECT], such as harbor.example.com/proxy',
      'INSECURE_REGISTRIES is "http://127.0.0.1:5000": write HOST[:PORT] separated by commas, such as 127.0.0.1:5000',
      "the value of ALL_PROXY is not a proxy address: write it as http://host:port, https://host:port or socks5h://host:port",
      'ENTREPOT_LANG is "fr": write zh or en',
      'SKIP_AUTH_PROXY is "maybe": write true or false',
      'UPSTREAM_REGISTRY is "registry-1.docker.io": write a registry\'s address, such as https://registry-1.docker.io',
      'REGISTRY_ANONYMOUS is "perhaps": write auto, yes or no',
      'REGISTRY_QUOTA is "200 GigaBytes": write bytes like 200Gi, 1.5T or 800M, at least 1Mi; 0 for no limit',
      'REGISTRY_TAG_TTL is "soon": write a time like 60s, 5m or 2h, at most 30d',
      'REGISTRY_SENDFILE is "x-accel-redirect:/../etc": write x-accel-redirect:/PREFIX or x-sendfile',
    ])
  })

  test("secrets are never quoted", async () => {
    const lines = await problems({
      SERVER_SECRET: "canary",
      SETUP_CODE: "canary",
      DATABASE_URL: "mysql://canary",
      ACCOUNTS: "canary",
      DEFAULT_TOKEN: "canary".repeat(40),
    })
    expect(lines).toEqual([
      "The configuration cannot be used:",
      "SERVER_SECRET has a value that cannot be used: write at least 32 bytes, for example of `openssl rand -base64 48`; several separated by commas",
      "DATABASE_URL has a value that cannot be used: write postgres://user:password@host:5432/database",
      "DEFAULT_TOKEN has a value that cannot be used: write a token of at most 200 characters",
      "SETUP_CODE has a value that cannot be used: write 8 to 200 characters",
      "ACCOUNTS has a value that cannot be used: write base64 of user:password, several separated by commas or lines",
    ])
  })

  test("settings that need or exclude each other", async () => {
    await write("token", "from-a-file\n")
    await write("keys", "short\n")
    expect(
      await problems({
        SERVER_SECRET: "",
        DATABASE_URL: "postgres://db/entrepot",
        DEFAULT_TOKEN: "one",
        DEFAULT_TOKEN_FILE: "token",
        SETUP_CODE_FILE: "absent",
        MASTER_KEY_FILE: "keys",
        DEFAULT_TARGET_USERNAME: "robot",
        ACCOUNTS: Buffer.from("user:password").toString("base64"),
        SKIP_AUTH_PROXY: "true",
      }),
    ).toEqual([
      "The configuration cannot be used:",
      "DEFAULT_TOKEN and DEFAULT_TOKEN_FILE are both set: keep one",
      `SETUP_CODE_FILE: ${join(root, "absent")} cannot be read (ENOENT)`,
      "DEFAULT_TARGET is not set: its user and password need it; write HOST[:PORT][/PROJECT], such as harbor.example.com/proxy",
      `MASTER_KEY_FILE: ${join(root, "keys")}: line 1 is not a key: write 32 bytes as base64 or hex`,
      "SKIP_AUTH_PROXY is true and ACCOUNTS is set: without our own authentication nobody would ask for them; unset one",
      "SERVER_SECRET is not set: processes that share a DATABASE_URL must share it; write at least 32 bytes, for example of `openssl rand -base64 48`; several separated by commas",
    ])
  })
})

test("secrets can come from files", async () => {
  await write("token", "from-a-file\n")
  await write("password", "pw\n")
  const found = await read({
    DEFAULT_TOKEN_FILE: "token",
    DEFAULT_TARGET: "harbor.example.com",
    DEFAULT_TARGET_USERNAME: "robot",
    DEFAULT_TARGET_PASSWORD_FILE: join(root, "password"),
  })
  expect(found.accounts.defaultToken).toBe("from-a-file")
  expect(found.jobs.defaultTarget).toEqual({ address: "harbor.example.com", username: "robot", password: "pw" })
})

test("logins for docker come from a file, one a line", async () => {
  const encoded = ["ann:one", "bob:two"].map((login) => Buffer.from(login).toString("base64"))
  await write("accounts", `${encoded.join("\n")}\n`)
  const found = await read({ ACCOUNTS_FILE: "accounts" })
  expect(found.registry.accounts).toEqual([
    { username: "ann", password: "one" },
    { username: "bob", password: "two" },
  ])
})

describe("the server's own secret", () => {
  test("is made once, kept for its user alone, and the same for processes that start at once", async () => {
    const found = await Promise.all([1, 2, 3].map(() => readConfiguration({}, { root })))
    const again = await readConfiguration({}, { root })
    const kept = (await readFile(join(root, "data/server.secret"), "utf8")).trim()
    expect(kept).toMatch(/^[A-Za-z0-9+/]{64}$/)
    for (const { accounts } of [...found, again]) expect(accounts.serverSecrets).toEqual([new TextEncoder().encode(kept)])
    expect((await stat(join(root, "data/server.secret"))).mode & 0o777).toBe(0o600)
  })

  test("is not made up again for a file that was cut short", async () => {
    await write("data/server.secret", "short\n")
    await expect(readConfiguration({}, { root })).rejects.toThrow(
      `${join(root, "data/server.secret")} holds fewer than 32 bytes; remove it to have a new one made`,
    )
  })

  test("is not made where one is given", async () => {
    await read()
    await expect(stat(join(root, "data"))).rejects.toMatchObject({ code: "ENOENT" })
  })
})

test("what is probably misspelt is told", async () => {
  const { warnings } = await read({
    DEFUALT_TOKEN: "x",
    ENTREPOT_FORMAT: "x",
    ENTREPOT_TOKEN: "ept_x",
    HOSE: "x",
    GIN_MODE: "debug",
    HOST: "0.0.0.0",
  })
  expect(warnings).toEqual([
    "DEFUALT_TOKEN is not a setting and changes nothing; did you mean DEFAULT_TOKEN?",
    "ENTREPOT_FORMAT is not a setting and changes nothing",
    "PUBLIC_URL is not set: whoever reaches this server over plain HTTP sends tokens and cookies unencrypted",
    "GIN_MODE changes nothing: LOG_LEVEL=debug makes the log say more",
  ])
})
