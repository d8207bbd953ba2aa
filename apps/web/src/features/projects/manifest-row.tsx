"use client"

import type { RepositoryManifest } from "@entrepot/client"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { Badge } from "../../components/ui/badge.tsx"
import { Age } from "./age.tsx"
import { ImageFacts } from "./image-facts.tsx"
import { shortDigest } from "./image-view.ts"
import { imagePathOf } from "./place-path.ts"
import { useImage } from "./use-registry.ts"

interface ManifestRowProps {
  readonly repository: string
  readonly manifest: RepositoryManifest
}

/** A manifest, with the tags that point at it or a word that none does. */
export function ManifestRow({ repository, manifest }: ManifestRowProps) {
  const say = useTranslations("projects")
  const image = useImage(repository, manifest.digest)
  return (
    <li className="space-y-1 px-3 py-2 text-sm">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link
          href={imagePathOf(repository, manifest.digest)}
          title={manifest.digest}
          className="inline-flex min-h-6 items-center font-mono text-primary underline-offset-4 hover:underline"
        >
          {shortDigest(manifest.digest)}
        </Link>
        {image.data?.tags.length === 0 && (
          <Badge tone={manifest.subject === null ? "warning" : "neutral"}>
            {say(manifest.subject === null ? "untagged" : "refers")}
          </Badge>
        )}
        {image.data?.tags.slice(0, 3).map((tag) => (
          <Badge key={tag} tone="primary" className="max-w-full font-mono break-all whitespace-normal">
            {tag}
          </Badge>
        ))}
        <span className="text-muted-foreground">
          {say("lastPull")} <Age at={manifest.usedAt} />
        </span>
      </p>
      <ImageFacts image={image} />
    </li>
  )
}
