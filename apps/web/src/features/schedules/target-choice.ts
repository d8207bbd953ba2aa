import type { Target } from "@entrepot/client"

/** Whether a schedule can log in to it: nobody is there to type a password when its time has come. */
export function canLogInAlone({ username, hasPassword }: Pick<Target, "username" | "hasPassword">): boolean {
  return username === null || hasPassword
}
