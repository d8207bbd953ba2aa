import type { ClientSetup } from "../client-setup.ts"
import { installCa } from "../commands.ts"
import { quoted } from "../quote.ts"
import { sampleImage } from "../sample-image.ts"
import { passwordPlaceholder, type SetupChoices } from "../setup-choices.ts"

const ca = "/etc/rancher/k3s/entrepot-ca.crt"

/** k3s, which writes containerd's files from its own; an endpoint with a path is taken as it is. */
export function k3s(choices: SetupChoices): ClientSetup {
  const { registries, user } = choices
  const [first = "docker.io"] = registries
  return {
    files: [{ path: "/etc/rancher/k3s/registries.yaml", text: `${registriesYaml(choices).join("\n")}\n` }],
    commands: [
      ...installCa(choices, ca),
      "sudo systemctl restart k3s || sudo systemctl restart k3s-agent",
      `sudo k3s crictl pull ${first}/${sampleImage(first)}`,
    ],
    remarks: user === undefined ? ["everyNode", "rke2"] : ["everyNode", "rke2", "secretInFile"],
  }
}

function registriesYaml({ address, registries, user, hasPrivateCa }: SetupChoices): readonly string[] {
  const mirror = (name: string, endpoint: string) => [`  ${quoted(name)}:`, "    endpoint:", `      - ${quoted(endpoint)}`]
  const login = ["    auth:", `      username: ${quoted(user ?? "")}`, `      password: ${quoted(passwordPlaceholder)}`]
  const trust = ["    tls:", `      ca_file: ${quoted(ca)}`]
  const settings = [...(user === undefined ? [] : login), ...(hasPrivateCa ? trust : [])]
  return [
    "mirrors:",
    ...registries.flatMap((registry) => mirror(registry, `${address.origin}/v2/${registry}`)),
    // For images by this server's own name, which would be asked for by HTTPS and known authorities alone.
    ...mirror(address.host, address.origin),
    ...(settings.length === 0 ? [] : ["configs:", `  ${quoted(address.host)}:`, ...settings]),
  ]
}
