"use client"

import { useSearchParams } from "next/navigation"
import { ImagePage } from "./image-page.tsx"
import type { PagePlace } from "./place-path.ts"
import { RepositoriesPage } from "./repositories-page.tsx"
import { RepositoryPage } from "./repository-page.tsx"

/** What is below a project or registry; of a repository its tags, or the one image that the address names. */
export function PlacePage({ place }: { readonly place: PagePlace }) {
  const image = useSearchParams().get("image")
  if (place.kind !== "repository") return <RepositoriesPage key={place.name} kind={place.kind} name={place.name} />
  if (image === null) return <RepositoryPage key={place.name} repository={place.name} />
  return <ImagePage key={image} repository={place.name} reference={image} />
}
