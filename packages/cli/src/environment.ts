import { homedir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Locale, localeOf } from "@entrepot/core/locale"

/** Everything the command line takes from the environment; no other file reads it. */
export interface Environment {
  /** `MIRROR_TARGET`: the target of `mirror` where `--to` is absent, `harbor.example.com/proxy`. */
  readonly mirrorTarget: string | undefined
  /** `ENTREPOT_NAMING`: the naming rule where `--naming` is absent. */
  readonly naming: string | undefined
  /** `ENTREPOT_CACHE_DIR`: the cache directory where `--cache-dir` is absent. */
  readonly cacheDirectory: string | undefined
  /** `ENTREPOT_USERNAME` and `ENTREPOT_PASSWORD`: for the target (for `pull`: the registry). */
  readonly username: string | undefined
  readonly password: string | undefined
  /** `ENTREPOT_SOURCE_USERNAME` and `ENTREPOT_SOURCE_PASSWORD`. */
  readonly sourceUsername: string | undefined
  readonly sourcePassword: string | undefined
  /** `ENTREPOT_SERVER`: the application that runs jobs, where `--server` is absent. */
  readonly server: string | undefined
  /** `ENTREPOT_TOKEN`: an API key of that application. */
  readonly token: string | undefined
  /** False under `ENTREPOT_HISTORY=off`: transfers that run here are not written down. */
  readonly keepsHistory: boolean
  /** Where the product lies: its settings are in `.env` there, its data in `data`. The same for the sources and for the bundle. */
  readonly productRoot: string
  /** `ENTREPOT_LANG`, else the usual `LC_ALL`, `LC_MESSAGES`, `LANG`. */
  readonly locale: Locale
  /** False under `NO_COLOR` (no-color.org) and on terminals that have none. */
  readonly colour: boolean
  /** False where the terminal can only be written line by line (`TERM=dumb`). */
  readonly redraws: boolean
  /** False where the locale names another character set than UTF-8: bars are drawn in ASCII then. */
  readonly unicode: boolean
  /** Docker's configuration: `config.json` in `DOCKER_CONFIG`, else in `~/.docker`. */
  readonly dockerConfigFile: string
  /** Where else logins are looked up: `REGISTRY_AUTH_FILE`, else Podman's and Skopeo's `containers/auth.json`. */
  readonly authFile: string | undefined
  /** Folder with a folder of certificates for each registry. */
  readonly certificatesDirectory: string
  /** How this executable is called, for commands that we suggest. */
  readonly executable: string
  /** For core, which looks up proxies, Docker's configuration and Docker's socket in it, and for the application's own configuration. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Sets variables for a program that runs in this process after us and reads its own. */
  passOn(variables: Readonly<Record<string, string>>): void
}

const unset = (value: string | undefined) => (value === "" ? undefined : value)

/** Without DEBUG: under `DEBUG=modem` the Docker client prints the headers of its requests, credentials in them (docker-modem, lib/modem.js). */
function processVariables(): NodeJS.ProcessEnv {
  delete process.env.DEBUG
  return process.env
}

/** Reads the command line's variables; nothing else of it looks at the environment. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>> = processVariables()): Environment {
  const characters = unset(variables.LC_ALL) ?? unset(variables.LC_CTYPE) ?? unset(variables.LANG)
  const dumb = variables.TERM === "dumb"
  return {
    mirrorTarget: unset(variables.MIRROR_TARGET),
    naming: unset(variables.ENTREPOT_NAMING),
    cacheDirectory: unset(variables.ENTREPOT_CACHE_DIR),
    username: unset(variables.ENTREPOT_USERNAME),
    password: unset(variables.ENTREPOT_PASSWORD),
    sourceUsername: unset(variables.ENTREPOT_SOURCE_USERNAME),
    sourcePassword: unset(variables.ENTREPOT_SOURCE_PASSWORD),
    server: unset(variables.ENTREPOT_SERVER),
    token: unset(variables.ENTREPOT_TOKEN),
    keepsHistory: !/^(off|false|no|0)$/i.test(variables.ENTREPOT_HISTORY ?? ""),
    productRoot: fileURLToPath(new URL("../../../", import.meta.url)),
    locale: localeOf([variables.ENTREPOT_LANG, variables.LC_ALL, variables.LC_MESSAGES, variables.LANG].find(unset)),
    colour: unset(variables.NO_COLOR) === undefined && !dumb,
    redraws: !dumb,
    unicode: variables.TERM !== "linux" && (characters === undefined || /utf-?8/i.test(characters)),
    dockerConfigFile: join(unset(variables.DOCKER_CONFIG) ?? join(unset(variables.HOME) ?? homedir(), ".docker"), "config.json"),
    authFile:
      unset(variables.REGISTRY_AUTH_FILE) ??
      (variables.XDG_RUNTIME_DIR ? join(variables.XDG_RUNTIME_DIR, "containers/auth.json") : undefined),
    certificatesDirectory: "/etc/docker/certs.d",
    executable: variables.npm_lifecycle_event === undefined ? "entrepot" : "npx -y pnpm@12 entrepot",
    variables,
    passOn: (more) => void Object.assign(process.env, more),
  }
}
