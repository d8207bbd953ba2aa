import type { Stage } from "@entrepot/core"
import type { Say } from "../locale.ts"

/** A stage in one or two words, for the head of a bar. */
export function stageWord(stage: Stage | undefined, say: Say): string {
  switch (stage) {
    case undefined:
    case "prepare":
      return say("preparing", "准备中")
    case "copy":
      return say("copying", "复制中")
    case "pull":
      return say("pulling", "拉取中")
    case "tag":
      return say("tagging", "标记中")
    case "push":
      return say("pushing", "推送中")
    case "clean":
      return say("cleaning", "清理中")
  }
}
