import { notFound } from "next/navigation"
import { PlacePage } from "../../../../features/projects/place-page.tsx"
import { placeOf } from "../../../../features/projects/place-path.ts"
import { referenceOf } from "../../../../features/projects/pull-commands.ts"
import { messages } from "../../../../messages/index.ts"
import { pageLocale } from "../../../page-locale.ts"

interface PageProps {
  readonly params: Promise<{ readonly path: readonly string[] }>
  readonly searchParams: Promise<{ readonly image?: string | readonly string[] }>
}

export async function generateMetadata({ params, searchParams }: PageProps) {
  const place = placeOf((await params).path)
  const { image } = await searchParams
  const { shell } = messages[await pageLocale()]
  const names = place === undefined ? [] : [typeof image === "string" ? referenceOf(place.name, image) : place.name]
  return { title: [...names, shell.projects, shell.title].join(" · ") }
}

export default async function Page({ params }: PageProps) {
  const place = placeOf((await params).path)
  if (place === undefined) notFound()
  return <PlacePage place={place} />
}
