import type { Locale, Text } from "./locale.ts"

/** Seed 0 section 4.1, and its voice for the steps and ends that it does not name. */
const texts = {
  prepare: { zh: "准备开始...", en: "Preparing..." },
  copy: { zh: "正在传输镜像 {image_name}...", en: "Copying image {image_name}..." },
  pull: { zh: "正在拉取镜像 {image_name}...", en: "Pulling image {image_name}..." },
  tag: { zh: "正在重新标记镜像...", en: "Tagging the image..." },
  push: { zh: "正在推送到目标仓库...", en: "Pushing to the target registry..." },
  clean: { zh: "正在清理本地镜像...", en: "Removing the local image..." },
  succeeded: { zh: "代理成功!", en: "Mirrored!" },
  unchanged: { zh: "目标镜像已是最新，无需代理", en: "Nothing to do: the target already has this image" },
  failed: { zh: "代理失败: {error_message}", en: "Mirroring failed: {error_message}" },
  cancelled: { zh: "代理已取消", en: "Mirroring was cancelled" },
} as const satisfies Record<string, Text>

/** A step of a transfer, or how it ended. */
export type DescribedStage = keyof typeof texts

export interface StageParams {
  /** As the person wrote it: `nginx:latest`. */
  readonly image_name?: string
  /** Already in the same language. */
  readonly error_message?: string
}

/** What a person reads while a transfer runs, and at its end. */
export function describeStage(stage: DescribedStage, params: StageParams, locale: Locale): string {
  return texts[stage][locale]
    .replace("{image_name}", () => params.image_name ?? "")
    .replace("{error_message}", () => params.error_message ?? "")
}
