import { SampleView } from "../../../../development/states/sample-view.tsx"

interface PageProps {
  readonly params: Promise<{ readonly path?: readonly string[] }>
}

/** In development alone: a page's file ends in `page.dev.tsx` where no build shall have it (next.config.mjs). */
export default async function Page({ params }: PageProps) {
  const [name, state] = (await params).path ?? []
  return <SampleView name={name} state={state} />
}
