import type { ClientFile, ClientSetup, SetupRemark } from "../client-setup.ts"
import { installCa } from "../commands.ts"
import { quoted, shellWord } from "../quote.ts"
import { sampleImage } from "../sample-image.ts"
import { passwordPlaceholder, type SetupChoices } from "../setup-choices.ts"

const hostsFolder = "/etc/containerd/certs.d"

/** The plugin that pulls for Kubernetes, which was renamed. */
const plugins = [
  { version: "containerd 1.x", header: "version = 2", name: "io.containerd.grpc.v1.cri" },
  { version: "containerd 2.x", header: "version = 3", name: "io.containerd.cri.v1.images" },
] as const

/**
 * containerd, by itself and under Kubernetes: a hosts file a registry. None for `_default`, which would tell this server of images in every other
 * registry as well. The registry is in the path, not left to `ns=`: a project of the same name as an image's first part does not stand before it then.
 */
export function containerd(choices: SetupChoices): ClientSetup {
  const { address, registries, user } = choices
  const ca = `${hostsFolder}/${address.host}/ca.crt`
  const [first = "docker.io"] = registries
  const login = user === undefined ? "" : ` --user ${shellWord(user)}`
  const remarks: SetupRemark[] = ["everyNode"]
  if (user !== undefined) remarks.push("secretInFile")
  return {
    files: [
      ...registries.map((registry) => mirrorFile(registry, choices, ca)),
      ...(address.isPlainHttp || choices.hasPrivateCa ? [ownFile(choices, ca)] : []),
      ...plugins.map((plugin) => configFile(plugin, choices)),
    ],
    commands: [
      ...installCa(choices, ca),
      "sudo systemctl restart containerd",
      `sudo ctr images pull --hosts-dir ${hostsFolder}${login} ${first}/${withTag(sampleImage(first))}`,
    ],
    remarks,
  }
}

function mirrorFile(registry: string, { address, hasPrivateCa }: SetupChoices, ca: string): ClientFile {
  const itself = registry === "docker.io" ? "registry-1.docker.io" : registry
  const lines = [
    `server = ${quoted(`https://${itself}`)}`,
    "",
    `[host.${quoted(`${address.origin}/v2/${registry}`)}]`,
    '  capabilities = ["pull", "resolve"]',
    "  override_path = true",
    ...(hasPrivateCa ? [`  ca = ${quoted(ca)}`] : []),
  ]
  return { path: `${hostsFolder}/${registry}/hosts.toml`, text: `${lines.join("\n")}\n` }
}

/** For images by this server's own name. */
function ownFile({ address, hasPrivateCa }: SetupChoices, ca: string): ClientFile {
  const lines = [`server = ${quoted(address.origin)}`, ...(hasPrivateCa ? [`ca = ${quoted(ca)}`] : [])]
  return { path: `${hostsFolder}/${address.host}/hosts.toml`, text: `${lines.join("\n")}\n` }
}

function configFile({ version, header, name }: (typeof plugins)[number], { address, user }: SetupChoices): ClientFile {
  const registry = `plugins.${quoted(name)}.registry`
  const lines = [header, "", `[${registry}]`, `  config_path = ${quoted(hostsFolder)}`]
  if (user !== undefined) {
    lines.push("", `[${registry}.configs.${quoted(address.host)}.auth]`)
    lines.push(`  username = ${quoted(user)}`, `  password = ${quoted(passwordPlaceholder)}`)
  }
  return { path: "/etc/containerd/config.toml", text: `${lines.join("\n")}\n`, version, isPart: true }
}

/** `ctr` completes no names. */
function withTag(image: string): string {
  return image.includes(":") ? image : `${image}:latest`
}
