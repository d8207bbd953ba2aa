"use client"

import { useTranslations } from "next-intl"
import { CommandLine } from "./command-line.tsx"
import { useRegistryPlace } from "./use-registry.ts"

/** What to type to put an image of one's own into a project. */
export function PushHint({ project = "PROJECT" }: { readonly project?: string | undefined }) {
  const say = useTranslations("projects")
  const host = useRegistryPlace().data?.host ?? "…"
  return (
    <div className="grid gap-2 text-left text-sm">
      <p className="text-muted-foreground">{say("pushHint")}</p>
      <CommandLine command={`docker login ${host}`} label={say("copyLogin")} />
      <CommandLine command={`docker push ${host}/${project}/IMAGE`} label={say("copyPush")} />
    </div>
  )
}
