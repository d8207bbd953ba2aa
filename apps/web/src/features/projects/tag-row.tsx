"use client"

import type { RepositoryTag } from "@entrepot/client"
import { Trash2 } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { memo } from "react"
import { Button } from "../../components/ui/button.tsx"
import { Age } from "./age.tsx"
import { ImageFacts } from "./image-facts.tsx"
import { shortDigest } from "./image-view.ts"
import { imagePathOf } from "./place-path.ts"
import { PullCommand } from "./pull-command.tsx"
import { useImage } from "./use-registry.ts"

interface TagRowProps {
  readonly repository: string
  readonly tag: RepositoryTag
  readonly onRemove: (tag: RepositoryTag) => void
}

/** A tag: what it points at since when, what that runs on and takes, and how it is pulled. */
export const TagRow = memo(function TagRow({ repository, tag, onRemove }: TagRowProps) {
  const say = useTranslations("projects")
  const image = useImage(repository, tag.digest)
  return (
    <li className="space-y-2 px-4 py-3 sm:px-6" aria-label={tag.name}>
      <div className="flex items-center justify-between gap-x-4">
        <div className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1 text-sm">
          <Link
            href={imagePathOf(repository, tag.digest)}
            className="inline-flex min-h-6 items-center font-mono font-medium wrap-anywhere text-primary underline-offset-4 hover:underline"
          >
            {tag.name}
          </Link>
          <span className="font-mono text-xs text-muted-foreground" title={tag.digest}>
            {shortDigest(tag.digest)}
          </span>
          <span className="text-muted-foreground">
            <Age at={tag.updatedAt} />
          </span>
        </div>
        <div className="size-9">
          {image.data?.removable === true && (
            <Button
              variant="ghost"
              size="icon"
              className="text-danger"
              aria-label={say("removeTag", { tag: tag.name })}
              title={say("removeTag", { tag: tag.name })}
              onClick={() => onRemove(tag)}
            >
              <Trash2 aria-hidden />
            </Button>
          )}
        </div>
      </div>
      <ImageFacts image={image} />
      <PullCommand repository={repository} reference={tag.name} />
    </li>
  )
})
