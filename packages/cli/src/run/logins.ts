import { TransferError } from "@entrepot/core"
import type { Context } from "../context.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"

export interface Login {
  readonly username: string
  readonly password: string
}

/** Who we are at either end; undefined where Docker's own configuration is to be asked. */
export interface Logins {
  readonly target: Login | undefined
  readonly source: Login | undefined
}

/**
 * Reads the credentials that a command was given: options first, then the environment. Warns about a password in an argument.
 * @throws TransferError `usage` where a user stands without password, or a password without user.
 */
export async function readLogins(options: ConnectionOptions, context: Context): Promise<Logins> {
  const { environment, stderr, say } = context
  if (options.password !== undefined) {
    stderr.write(
      `${say(
        "warning: a password in an argument can be read by everyone on this machine; use --password-stdin or ENTREPOT_PASSWORD",
        "警告：命令行参数中的密码会被本机其他用户看到，建议使用 --password-stdin 或环境变量 ENTREPOT_PASSWORD",
      )}\n`,
    )
  }
  const piped = options.passwordStdin || options.sourcePasswordStdin ? await context.readInput() : undefined
  return {
    target: pair(
      options.username ?? environment.username,
      options.typedPassword ?? options.password ?? (options.passwordStdin ? piped : environment.password),
      "--username",
      "--password-stdin or ENTREPOT_PASSWORD",
    ),
    source: pair(
      options.sourceUsername ?? environment.sourceUsername,
      options.sourcePasswordStdin ? piped : environment.sourcePassword,
      "--source-username",
      "--source-password-stdin or ENTREPOT_SOURCE_PASSWORD",
    ),
  }
}

function pair(
  username: string | undefined,
  password: string | undefined,
  userOption: string,
  passwordOption: string,
): Login | undefined {
  if (username === undefined && password === undefined) return undefined
  if (username === undefined)
    throw new TransferError("usage", "there is a password without a user", { hint: `add ${userOption}` })
  if (password === undefined || password === "") {
    throw new TransferError("usage", `there is no password for the user ${username}`, { hint: `add ${passwordOption}` })
  }
  return { username, password }
}
