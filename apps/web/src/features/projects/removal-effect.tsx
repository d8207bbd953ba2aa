"use client"

import { useTranslations } from "next-intl"
import { kindOf, shortDigest } from "./image-view.ts"
import { splitRepository } from "./place-path.ts"
import type { Removal } from "./remove-dialog.tsx"
import { useImage, useRegistryPlace } from "./use-registry.ts"

/** What goes when something is removed, and what stays. */
export function RemovalEffect({ what }: { readonly what: Removal }) {
  const say = useTranslations("projects")
  const image = useImage(what.repository, what.kind === "repository" ? undefined : what.digest).data
  const isCached = useRegistryPlace().data?.registries.includes(splitRepository(what.repository).within) === true
  const tags = image?.tags ?? []
  const others = what.kind === "tag" ? tags.filter((tag) => tag !== what.tag) : tags
  return (
    <>
      <p className="font-mono break-all">
        {what.kind === "repository"
          ? what.repository
          : what.kind === "tag"
            ? `${what.repository}:${what.tag}`
            : `${what.repository}@${shortDigest(what.digest)}…`}
      </p>
      {what.kind === "repository" && <p>{say("removal.repository.effect")}</p>}
      {what.kind === "tag" && (
        <p>{others.length > 0 ? say("removal.tag.others", { tags: others.join(", ") }) : say("removal.tag.last")}</p>
      )}
      {what.kind === "image" && (
        <p>{others.length > 0 ? say("removal.image.tags", { tags: others.join(", ") }) : say("removal.image.untagged")}</p>
      )}
      {what.kind === "image" && image !== undefined && image.referrers.length > 0 && (
        <p>{say("removal.image.referrers", { count: image.referrers.length })}</p>
      )}
      {what.kind === "image" && image !== undefined && kindOf(image) === "index" && <p>{say("removal.image.index")}</p>}
      {what.kind !== "tag" && <p className="text-muted-foreground">{say("removal.room")}</p>}
      {isCached && <p className="text-muted-foreground">{say("removal.cached")}</p>}
    </>
  )
}
