"use client"

import { useTranslations } from "next-intl"
import { Disclosure } from "../../components/ui/disclosure.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { CommandLine } from "./command-line.tsx"
import { pullClients, pullCommands } from "./pull-commands.ts"
import { useRegistryPlace } from "./use-registry.ts"

interface PullCommandProps {
  readonly repository: string
  /** Tag or digest. */
  readonly reference: string
}

const [, ...others] = pullClients

/** The line that pulls an image with Docker, and those of other clients behind a word. */
export function PullCommand({ repository, reference }: PullCommandProps) {
  const say = useTranslations("projects")
  const { data: place, error } = useRegistryPlace()
  if (place === undefined) return error === null ? <Skeleton className="h-[4.5rem]" /> : null
  const commands = pullCommands(place, repository, reference)
  return (
    <div className="grid gap-1">
      <CommandLine command={commands.docker} label={say("copyPull", { client: "docker" })} />
      <Disclosure summary={say("otherClients")}>
        <div className="grid gap-2">
          {others.map((client) => (
            <CommandLine key={client} command={commands[client]} label={say("copyPull", { client })} />
          ))}
        </div>
      </Disclosure>
    </div>
  )
}
