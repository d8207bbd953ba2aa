"use client"

import { useTranslations } from "next-intl"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import type { ImageView } from "./image-view.ts"

/** What whoever built an image has noted about it. Nothing where nothing is noted. */
export function AnnotationList({ annotations }: Pick<ImageView, "annotations">) {
  const say = useTranslations("projects")
  const notes = Object.entries(annotations ?? {})
  if (notes.length === 0) return null
  return (
    <Card aria-label={say("annotations")}>
      <CardHeader>
        <CardTitle>{say("annotations")}</CardTitle>
      </CardHeader>
      <CardContent>
        <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
          {notes.map(([name, value]) => (
            <div key={name} className="sm:contents">
              <dt className="font-mono text-xs break-all text-muted-foreground">{name}</dt>
              <dd className="break-all">{value}</dd>
            </div>
          ))}
        </dl>
      </CardContent>
    </Card>
  )
}
