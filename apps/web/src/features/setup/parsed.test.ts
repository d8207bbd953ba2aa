import { parse as parseToml } from "smol-toml"
import { describe, expect, test } from "vitest"
import { parse as parseYaml } from "yaml"
import { type ClientName, clients } from "./clients.ts"
import { addressAt, choicesWith, plainWithLogin, withCa } from "./setup-choices.fixture.ts"
import type { SetupChoices } from "./setup-choices.ts"

const hostile = `ann"\n[plugins]\\ #'$(reboot)\u007f: {x}`

/** Every way in which a file can come to be. */
const cases: readonly SetupChoices[] = [
  choicesWith(),
  plainWithLogin,
  withCa,
  choicesWith({ user: hostile, hasPrivateCa: true }),
  choicesWith({ registries: ["quay.io"], defaultRegistry: "quay.io", address: addressAt("http://localhost") }),
]

function parsedFiles(name: ClientName, choices: SetupChoices): readonly (readonly [path: string, content: unknown])[] {
  return clients[name](choices).files.map(({ path, text }) => {
    if (path.endsWith(".json")) return [path, JSON.parse(text)]
    return [path, path.endsWith(".yaml") ? parseYaml(text) : parseToml(text)]
  })
}

/** Keys of a file, those of tables within it too, with the parts that are names replaced by `*`. */
function keysOf(content: unknown, named: RegExp, path = ""): readonly string[] {
  if (Array.isArray(content)) return content.flatMap((each) => keysOf(each, named, `${path}[]`))
  if (typeof content !== "object" || content === null) return [path]
  return Object.entries(content).flatMap(([key, inner]) =>
    keysOf(inner, named, `${path}${path === "" ? "" : "."}${named.test(path) ? "*" : key}`),
  )
}

describe("S18: files are read as they are meant, whatever was typed", () => {
  test.each(cases)("with %o", (choices) => {
    const { user, address } = choices
    const [secret] = parsedFiles("kubernetes", choices)
    const [registries] = parsedFiles("k3s", choices)
    const configs = parsedFiles("containerd", choices).filter(([path]) => path.endsWith("config.toml"))
    if (user === undefined) {
      expect([secret, JSON.stringify([registries, configs]).includes("PASSWORD")]).toEqual([undefined, false])
      return
    }
    const login = { username: user, password: "PASSWORD" }
    const content = JSON.stringify({ auths: { [address.host]: login } })
    expect(secret?.[1]).toMatchObject({ stringData: { ".dockerconfigjson": content } })
    expect(registries?.[1]).toMatchObject({ configs: { [address.host]: { auth: login } } })
    for (const [, config] of configs) {
      const [plugin] = Object.values((config as { readonly plugins: object }).plugins)
      expect(plugin).toMatchObject({ registry: { configs: { [address.host]: { auth: login } } } })
    }
  })
})

describe("files have the keys that their clients document, and no others", () => {
  const known: Partial<Record<ClientName, { readonly named: RegExp; readonly keys: readonly string[] }>> = {
    // k3s, "Private Registry Configuration"
    k3s: {
      named: /^(mirrors|configs)$/,
      keys: ["configs.*.auth.password", "configs.*.auth.username", "configs.*.tls.ca_file", "mirrors.*.endpoint[]"],
    },
    // buildkitd.toml(5)
    buildkit: { named: /^registry$/, keys: ["registry.*.ca[]", "registry.*.http", "registry.*.mirrors[]"] },
    // containers-registries.conf(5), crio.conf(5)
    crio: {
      named: /^nothing$/,
      keys: [
        "crio.image.global_auth_file",
        "registry[].insecure",
        "registry[].location",
        "registry[].mirror[].insecure",
        "registry[].mirror[].location",
        "registry[].prefix",
      ],
    },
    // containerd, docs/hosts.md and docs/cri/registry.md
    containerd: {
      named: /^(host|plugins|plugins\.\*\.registry\.configs)$/,
      keys: [
        "ca",
        "host.*.ca",
        "host.*.capabilities[]",
        "host.*.override_path",
        "plugins.*.registry.config_path",
        "plugins.*.registry.configs.*.auth.password",
        "plugins.*.registry.configs.*.auth.username",
        "server",
        "version",
      ],
    },
  }

  test.each(Object.entries(known))("%s", (name, { named, keys }) => {
    const found = cases.flatMap((choices) =>
      parsedFiles(name as ClientName, choices).flatMap(([, content]) => keysOf(content, named)),
    )
    expect([...new Set(found)].toSorted()).toEqual(keys)
  })
})
