import { registriesByName } from "./chosen-registries.ts"
import type { ClientFile } from "./client-setup.ts"
import { quoted } from "./quote.ts"
import type { SetupChoices } from "./setup-choices.ts"

/** containers-registries.conf(5), which podman, Buildah, Skopeo and CRI-O read: a mirror for each registry, the registry itself behind it. */
export function registriesConf(choices: SetupChoices): ClientFile {
  const { address } = choices
  const insecure = address.isPlainHttp ? ["insecure = true"] : []
  const tables = registriesByName(choices).map((registry) => [
    "[[registry]]",
    `prefix = ${quoted(registry)}`,
    `location = ${quoted(registry)}`,
    "",
    "[[registry.mirror]]",
    `location = ${quoted(`${address.host}/${registry}`)}`,
    ...insecure,
  ])
  const own = address.isPlainHttp ? [["[[registry]]", `location = ${quoted(address.host)}`, ...insecure]] : []
  const text = [...tables, ...own].map((lines) => `${lines.join("\n")}\n`).join("\n")
  return { path: "/etc/containers/registries.conf.d/entrepot.conf", text }
}
