import type { TransferEvent } from "@entrepot/core"
import type { Say } from "../locale.ts"

/** What has to be said before anything moves where a platform subset makes another digest of the image. */
export function digestChangeOf(event: TransferEvent, say: Say): string | undefined {
  if (event.type !== "plan" || !event.digestChanges || event.unchanged) return undefined
  return say("the digest will change, since only some platforms are copied", "只复制部分平台，目标摘要会改变")
}
