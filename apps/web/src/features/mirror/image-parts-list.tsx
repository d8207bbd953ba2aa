"use client"

import { useTranslations } from "next-intl"
import type { ImagePart } from "./image-parts.ts"

/** An image's name in its pieces. Stands inside a paragraph. */
export function ImagePartsList({ parts }: { readonly parts: readonly ImagePart[] }) {
  const say = useTranslations("mirror.part")
  return (
    <span className="grid grid-cols-2 gap-2">
      {parts.map(({ part, value }) => (
        <span key={part} className="min-w-0 rounded-md bg-muted px-2.5 py-1">
          <span className="block text-xs">{say(part)}</span>
          <span className="block truncate font-mono text-foreground" title={value}>
            {value === "" ? "–" : value}
          </span>
        </span>
      ))}
    </span>
  )
}
