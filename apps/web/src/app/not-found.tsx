import { NotFound } from "../features/shell/not-found.tsx"

export default function Page() {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <NotFound />
    </main>
  )
}
