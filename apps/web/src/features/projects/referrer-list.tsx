"use client"

import { formatBytes } from "@entrepot/core/progress"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { Card, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { type ImageReferrer, shortDigest } from "./image-view.ts"
import { imagePathOf } from "./place-path.ts"

interface ReferrerListProps {
  readonly repository: string
  readonly referrers: readonly ImageReferrer[]
}

/** What refers to an image: signatures, SBOMs. Nothing where nothing does. */
export function ReferrerList({ repository, referrers }: ReferrerListProps) {
  const say = useTranslations("projects")
  if (referrers.length === 0) return null
  return (
    <Card aria-label={say("referrers")}>
      <CardHeader>
        <CardTitle>{say("referrers")}</CardTitle>
      </CardHeader>
      <p className="px-4 pt-1 pb-4 text-sm text-muted-foreground sm:px-6">{say("referrersHint")}</p>
      <ul aria-label={say("referrers")} className="divide-y border-t text-sm">
        {referrers.map(({ digest, artifactType, sizeBytes, annotations }) => (
          <li key={digest} className="space-y-1 px-4 py-2.5 sm:px-6">
            <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
              <span className="font-mono break-all">{artifactType ?? say("typeUnknown")}</span>
              <Link
                href={imagePathOf(repository, digest)}
                title={digest}
                className="inline-flex min-h-6 items-center font-mono text-xs text-primary underline-offset-4 hover:underline"
              >
                {shortDigest(digest)}
              </Link>
              <span className="text-muted-foreground tabular-nums">{formatBytes(sizeBytes)}</span>
            </p>
            {annotations !== null &&
              Object.entries(annotations).map(([name, value]) => (
                <p key={name} className="font-mono text-xs break-all text-muted-foreground">
                  {name}: {value}
                </p>
              ))}
          </li>
        ))}
      </ul>
    </Card>
  )
}
