import type { Stage } from "./events.ts"

/** The stages that each engine goes through, in their order: what a surface shows before the first of them has begun. */
export const engineStages = {
  direct: ["prepare", "copy", "tag"],
  docker: ["prepare", "pull", "tag", "push", "clean"],
} as const satisfies Record<string, readonly Stage[]>

/** How a transfer is carried out: `direct`, store to store; `docker`, by a Docker daemon. */
export type EngineName = keyof typeof engineStages
