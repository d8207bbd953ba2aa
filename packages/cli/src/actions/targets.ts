import { readFile } from "node:fs/promises"
import { TransferError } from "@entrepot/core"
import type { Context } from "../context.ts"
import { type ExitCode, exitCodes } from "../exit-code.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import type { ServerOptions } from "../options/server-options.ts"
import { formatTable } from "../renderers/format-table.ts"
import { jsonText } from "../renderers/json-text.ts"
import { textWidth, truncateMiddle } from "../renderers/text-width.ts"
import type { Target } from "../run/desk.ts"
import { type Desk, openDesk } from "../run/desk.ts"
import { readLogins } from "../run/logins.ts"
import { checkText, exitCodeOfCheck } from "./check.ts"

export interface TargetsOptions extends ServerOptions {
  readonly json?: true
}

export interface AddTargetOptions extends ServerOptions, Pick<ConnectionOptions, "username" | "password" | "passwordStdin"> {
  readonly naming?: string
  readonly shared?: true
  readonly useHttp?: true
  readonly skipTls?: true
  readonly ca?: string
}

/** Shorter than this it says nothing. */
const shortestAddress = 12

/** The saved targets; that they have a password, never which. */
export async function listTargets(options: TargetsOptions, context: Context): Promise<ExitCode> {
  const { stdout, stderr, say } = context
  await using desk = await openDesk(options, context)
  const targets = await desk.targets.list()
  if (options.json) stdout.write(jsonText(targets))
  else if (targets.length > 0) stdout.write(targetsTable(targets, context))
  else
    stderr.write(
      `${say("There is no target yet: entrepot targets add NAME HOST[/PROJECT]", "还没有目标仓库：entrepot targets add 名称 HOST[/PROJECT]")}\n`,
    )
  return exitCodes.ok
}

/** Where it would be wider than the terminal, the middle of the longest addresses is left out. */
function targetsTable(targets: readonly Target[], { say, stdout }: Context): string {
  const head = ["ID", say("NAME", "名称"), say("ADDRESS", "地址"), say("NAMING", "命名规则"), say("LOGIN", "登录")]
  const rows = targets.map(({ id, name, host, project, naming, username, hasPassword }) => [
    String(id),
    name,
    project === "" ? host : `${host}/${project}`,
    naming,
    username === null ? "" : hasPassword ? username : say(`${username}, no password`, `${username}（无密码）`),
  ])
  const whole = formatTable([head, ...rows])
  const excess = Math.max(...whole.split("\n").map(textWidth)) - stdout.size().columns
  if (!stdout.isTerminal || excess <= 0) return whole
  const room = Math.max(shortestAddress, ...rows.map(([, , address = ""]) => textWidth(address) - excess))
  return formatTable([head, ...rows.map((row) => row.map((cell, i) => (i === 2 ? truncateMiddle(cell, room) : cell)))])
}

/** Saves a target and prints its name. @throws TransferError `local_io`, `usage`; what the application says no with. */
export async function addTarget(name: string, address: string, options: AddTargetOptions, context: Context): Promise<ExitCode> {
  const { naming, shared, useHttp, skipTls, ca } = options
  const { target: login } = await readLogins(options, context)
  const pem = ca === undefined ? undefined : await readText(ca)
  await using desk = await openDesk(options, context)
  const target = await desk.targets.create({
    name,
    address,
    ...(naming === undefined ? {} : { naming }),
    ...(shared === undefined ? {} : { shared }),
    ...(useHttp === undefined ? {} : { plainHttp: true }),
    ...(skipTls === undefined ? {} : { tlsVerify: false }),
    ...(pem === undefined ? {} : { ca: pem }),
    ...(login === undefined ? {} : login),
  })
  context.stdout.write(`${target.name}\n`)
  return exitCodes.ok
}

/** Forgets a target, and its password. */
export async function removeTarget(wanted: string, options: TargetsOptions, context: Context): Promise<ExitCode> {
  const { stderr, say } = context
  await using desk = await openDesk(options, context)
  const { id, name } = await targetCalled(wanted, desk)
  await desk.targets.remove(id)
  stderr.write(`${say(`target ${name} removed`, `目标仓库 ${name} 已删除`)}\n`)
  return exitCodes.ok
}

/** As `check` does, with the login that is saved. */
export async function checkSavedTarget(wanted: string, options: TargetsOptions, context: Context): Promise<ExitCode> {
  await using desk = await openDesk(options, context)
  const { id, host } = await targetCalled(wanted, desk)
  const found = await desk.targets.check(id, context.signal)
  context.stdout.write(options.json ? jsonText({ host, ...found }) : checkText(found, context))
  return exitCodeOfCheck(found)
}

/** By name first, since a name may be a number. @throws TransferError `usage` */
async function targetCalled(wanted: string, desk: Desk): Promise<Target> {
  const targets = await desk.targets.list()
  const [named, ...more] = targets.filter(({ name }) => name === wanted)
  if (more.length > 0) {
    throw new TransferError("usage", `there are ${more.length + 1} targets of the name ${wanted}`, {
      hint: "name it by its number, which `targets` shows",
    })
  }
  const found = named ?? targets.find(({ id }) => String(id) === wanted)
  if (found !== undefined) return found
  throw new TransferError("usage", `there is no target of the name ${wanted}`, { hint: "`targets` lists those there are" })
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8")
  } catch (error) {
    throw new TransferError("local_io", `${path} cannot be read`, {
      side: "local",
      host: path,
      hint: "check the path",
      cause: error,
    })
  }
}
