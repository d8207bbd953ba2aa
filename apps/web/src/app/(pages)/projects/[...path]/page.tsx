import { notFound } from "next/navigation"
import { PlacePage } from "../../../../features/projects/place-page.tsx"
import { placeOf } from "../../../../features/projects/place-path.ts"
import { messages } from "../../../../messages/index.ts"
import { pageLocale } from "../../../page-locale.ts"

interface PageProps {
  readonly params: Promise<{ readonly path: readonly string[] }>
}

export async function generateMetadata({ params }: PageProps) {
  const place = placeOf((await params).path)
  const { shell } = messages[await pageLocale()]
  return { title: [...(place === undefined ? [] : [place.name]), shell.projects, shell.title].join(" · ") }
}

export default async function Page({ params }: PageProps) {
  const place = placeOf((await params).path)
  if (place === undefined) notFound()
  return <PlacePage place={place} />
}
