import { credentials, eraseCredentials, parseTargetBase, registryHost, storeCredentials, TransferError } from "@entrepot/core"
import type { Context } from "../context.ts"
import { type ExitCode, exitCodes } from "../exit-code.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import { readLogins } from "../run/logins.ts"
import { openSession } from "../run/session.ts"

/** Tries the credentials at the registry, and keeps them where Docker would. @throws TransferError `unauthorized` when they are refused. */
export async function login(host: string, options: ConnectionOptions, context: Context): Promise<ExitCode> {
  const { environment, stderr, say, signal } = context
  const registry = registryOf(host)
  const { target } = await readLogins(await askForLogin(options, context), context)
  if (target === undefined) {
    throw new TransferError("usage", "there is no user", {
      hint: `printf %s "$PASSWORD" | ${environment.executable} login ${registry} --username USER --password-stdin`,
    })
  }
  const plainHttp = host.trim().startsWith("http://")
  await using session = await openSession([{ registry, login: target, plainHttp }], options, context)
  const address = registryHost({ registry })
  const url = new URL("v2/", await session.http.baseUrl(address))
  const response = await session.http.send({ method: "GET", url, origin: "configured", scopes: [], side: "target", signal })
  await response.body.discard()
  if (response.status !== 200) {
    throw new TransferError(response.status === 401 ? "unauthorized" : "protocol", `${address} does not answer as a registry`, {
      side: "target",
      host: address,
      status: response.status,
    })
  }
  await storeCredentials(environment.dockerConfigFile, registry, credentials(target), { env: environment.variables })
  stderr.write(
    `${say(`Logged in to ${registry} as ${target.username}; kept in ${environment.dockerConfigFile}.`, `已登录 ${registry}（${target.username}），凭据保存在 ${environment.dockerConfigFile}。`)}\n`,
  )
  return exitCodes.ok
}

/** Forgets the credentials of a registry. */
export async function logout(host: string, context: Context): Promise<ExitCode> {
  const { environment, stderr, say } = context
  const registry = registryOf(host)
  const known = await eraseCredentials(environment.dockerConfigFile, registry, { env: environment.variables })
  stderr.write(
    `${known ? say(`Logged out of ${registry}.`, `已退出 ${registry}。`) : say(`There was no login for ${registry}.`, `没有 ${registry} 的登录信息。`)}\n`,
  )
  return exitCodes.ok
}

/** The options with what a person at the terminal was asked for because it was not given. */
async function askForLogin(options: ConnectionOptions, { ask, environment, say }: Context): Promise<ConnectionOptions> {
  const hasPassword = options.passwordStdin === true || (options.password ?? environment.password) !== undefined
  if (ask === undefined || hasPassword) return options
  const username =
    options.username ?? environment.username ?? (await ask(say("Username: ", "用户名："), { hidden: false })).trim()
  return { ...options, username, typedPassword: await ask(say("Password: ", "密码："), { hidden: true }) }
}

function registryOf(text: string): string {
  return parseTargetBase(text).host
}
