"use client"

import { BrokenPage } from "../../features/shell/broken-page.tsx"

export default function PageError({ error }: { readonly error: Error }) {
  return <BrokenPage error={error} />
}
