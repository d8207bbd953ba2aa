import type { AppRouter } from "./router.ts"

type Paths<Record> = {
  [Name in keyof Record & string]: Record[Name] extends (...input: never[]) => unknown ? Name : `${Name}.${Paths<Record[Name]>}`
}[keyof Record & string]

/** `jobs.start`, `accounts.keys.create`, …: every procedure that there is. */
export type ProcedurePath = Paths<AppRouter["_def"]["record"]>
