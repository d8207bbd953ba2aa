import type { Context } from "../context.ts"
import { type ExitCode, exitCodes } from "../exit-code.ts"
import { openServicesHere } from "../run/local-services.ts"

/** A new login token for the first user, alone on standard output. */
export async function resetToken(context: Context): Promise<ExitCode> {
  const { stdout, stderr, say } = context
  const services = await openServicesHere(context)
  try {
    stdout.write(`${await services.accounts.resetToken()}\n`)
    stderr.write(
      `${say("This is the new login token; it is shown only now. All sessions have ended.", "这是新的登录 Token，仅显示这一次。所有会话已结束。")}\n`,
    )
    return exitCodes.ok
  } finally {
    await services.close()
  }
}
