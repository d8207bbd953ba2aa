import type { AppRouter } from "@entrepot/server/router"
import type { TRPCLink } from "@trpc/client"
import { observable } from "@trpc/server/observable"
import { entrepotErrorOf } from "./entrepot-error.ts"
import { refusalOf } from "./event-stream.ts"

/** Makes every error that a call or a subscription ends with an EntrepotError. */
export const typedErrors: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) =>
      next(op).subscribe({
        next: (value) => observer.next(value),
        error: (error) => observer.error(entrepotErrorOf(refusalOf(op) ?? error)),
        complete: () => observer.complete(),
      }),
    )
