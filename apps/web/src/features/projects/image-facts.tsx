"use client"

import { formatBytes } from "@entrepot/core/progress"
import { useTranslations } from "next-intl"
import { useSentence } from "../../components/problem.tsx"
import { Badge } from "../../components/ui/badge.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { type ImageView, kindOf, platformWords, sizeOf, typeOf } from "./image-view.ts"

interface ImageFactsProps {
  readonly image: { readonly data: ImageView | undefined; readonly error: unknown }
}

/** More platforms than these are counted. */
const most = 6

/** What an image runs on and takes, in one line. */
export function ImageFacts({ image: { data, error } }: ImageFactsProps) {
  const say = useTranslations("projects")
  const sentence = useSentence()
  if (data === undefined) {
    return error === null ? <Skeleton className="h-6 w-56" /> : <p className="min-h-6 text-sm text-danger">{sentence(error)}</p>
  }
  const bytes = sizeOf(data)
  const { shown, more } = platformWords(data, most)
  return (
    <p className="flex min-h-6 flex-wrap items-center gap-x-2 gap-y-1 text-sm">
      {shown.map((platform) => (
        <Badge key={platform} className="max-w-full font-mono break-all whitespace-normal">
          {platform === "unknown" ? say("platformUnknown") : platform}
        </Badge>
      ))}
      {more > 0 && <Badge>{say("morePlatforms", { count: more })}</Badge>}
      {kindOf(data) === "artifact" && <Badge className="max-w-full font-mono break-all whitespace-normal">{typeOf(data)}</Badge>}
      <span className="text-muted-foreground tabular-nums">{bytes === null ? say("sizeUnknown") : formatBytes(bytes)}</span>
      {data.referrers.length > 0 && (
        <span className="text-muted-foreground">{say("referrerCount", { count: data.referrers.length })}</span>
      )}
    </p>
  )
}
