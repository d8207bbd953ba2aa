import type { OutcomeEvent, TransferEvent } from "@entrepot/core"
import type { History } from "@entrepot/server/history"
import type { Environment } from "../environment.ts"

/** What the thread that records has to know to find the database. */
export type RecorderSettings = Pick<Environment, "variables" | "productRoot">

/** How a copy was asked for, without any secret. */
export type RecordedRequest = Parameters<History["record"]>[0]

/** To the thread; `id` is the command's own number of the copy. */
export type ToRecorder =
  | { readonly type: "begin"; readonly id: number; readonly request: RecordedRequest }
  | { readonly type: "event"; readonly id: number; readonly event: TransferEvent }
  | { readonly type: "end"; readonly id: number; readonly outcome: OutcomeEvent }
  | { readonly type: "close" }

/** From the thread. `cancel`: somebody else wants the copy stopped. */
export type FromRecorder =
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "warning"; readonly message: string }
  | { readonly type: "closed" }
