import type { ClientSetup } from "../client-setup.ts"
import { quoted } from "../quote.ts"
import { passwordPlaceholder, type SetupChoices } from "../setup-choices.ts"

const secret = "entrepot"

/** Pods that name this server in their images: a pull secret where people log in. How nodes find mirrors is up to what pulls for them. */
export function kubernetes({ address, user }: SetupChoices): ClientSetup {
  if (user === undefined) return { files: [], commands: [], remarks: ["podsNeedNothing"] }
  const login = JSON.stringify({ auths: { [address.host]: { username: user, password: passwordPlaceholder } } })
  const lines = [
    "apiVersion: v1",
    "kind: Secret",
    "metadata:",
    `  name: ${secret}`,
    "type: kubernetes.io/dockerconfigjson",
    "stringData:",
    `  .dockerconfigjson: ${quoted(login)}`,
  ]
  const patch = JSON.stringify({ imagePullSecrets: [{ name: secret }] })
  return {
    files: [{ path: "entrepot-secret.yaml", text: `${lines.join("\n")}\n` }],
    commands: ["kubectl apply -f entrepot-secret.yaml", `kubectl patch serviceaccount default -p '${patch}'`],
    remarks: ["podsByName", "secretInFile"],
  }
}
