"use client"

import { ChevronRight } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { pathOf, splitRepository } from "./place-path.ts"

/** The way back up from a repository or an image. */
export function PlaceTrail({ repository, isInside = false }: { readonly repository: string; readonly isInside?: boolean }) {
  const say = useTranslations("projects")
  const { within, rest } = splitRepository(repository)
  const steps = [
    { name: say("title"), path: "/projects" },
    ...(rest === "" ? [] : [{ name: within, path: pathOf(within) }]),
    ...(isInside ? [{ name: rest, path: pathOf(repository) }] : []),
  ]
  return (
    <nav aria-label={say("trail")}>
      <ol className="flex flex-wrap items-center gap-x-1 text-sm text-muted-foreground">
        {steps.map(({ name, path }) => (
          <li key={path} className="flex min-w-0 items-center gap-1">
            <Link href={path} className="inline-flex min-h-6 items-center break-all underline-offset-4 hover:underline">
              {name}
            </Link>
            <ChevronRight aria-hidden className="size-4 shrink-0" />
          </li>
        ))}
      </ol>
    </nav>
  )
}
