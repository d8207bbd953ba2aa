import type { ClientSetup } from "../client-setup.ts"
import { installCa, logIn } from "../commands.ts"
import { quoted, quotedList } from "../quote.ts"
import type { SetupChoices } from "../setup-choices.ts"

const ca = "/etc/buildkit/entrepot-ca.crt"

/** BuildKit, as buildx starts it in a container or as a daemon of its own. It logs in with what `docker login` has kept. */
export function buildkit(choices: SetupChoices): ClientSetup {
  const { address, registries, hasPrivateCa } = choices
  const mirrors = registries.map(
    (registry) => `[registry.${quoted(registry)}]\n  mirrors = ${quotedList([`${address.host}/${registry}`])}\n`,
  )
  const settings = [...(address.isPlainHttp ? ["  http = true"] : []), ...(hasPrivateCa ? [`  ca = ${quotedList([ca])}`] : [])]
  const own = settings.length === 0 ? [] : [`[registry.${quoted(address.host)}]\n${settings.join("\n")}\n`]
  return {
    files: [{ path: "buildkitd.toml", text: [...mirrors, ...own].join("\n") }],
    commands: [
      ...installCa(choices, ca),
      ...logIn("docker login", choices),
      "docker buildx create --name entrepot --driver docker-container --config buildkitd.toml --use",
      "docker buildx inspect --bootstrap",
    ],
    remarks: ["buildkitd"],
  }
}
