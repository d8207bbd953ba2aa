"use client"

import type { AccessRule } from "@entrepot/client"
import { useTranslations } from "next-intl"
import type { RuleExamples } from "./rule-examples.ts"

interface RuleMeaningProps {
  readonly effect: AccessRule["effect"]
  readonly example: RuleExamples
}

/** What a rule will mean, in a sentence and by names. */
export function RuleMeaning({ effect, example }: RuleMeaningProps) {
  const say = useTranslations("whitelist")
  const { kind, prefix, meets, misses } = example
  return (
    <div className="space-y-1.5 rounded-md border bg-background px-3 py-2 text-sm">
      <p className="break-words">{say(`meaning.${kind}`, { prefix })}</p>
      <p className="break-words">
        {say(effect === "allow" ? "admits" : "refuses")} <Names names={meets} />
      </p>
      <p className="break-words text-muted-foreground">
        {say("misses")} <Names names={[misses]} />
      </p>
      {effect === "deny" && (kind === "pathOfHub" || kind === "officialOfHub") && (
        <p className="text-muted-foreground">{say("deniesProjects")}</p>
      )}
    </div>
  )
}

function Names({ names }: { readonly names: readonly string[] }) {
  return names.map((name, place) => (
    <span key={name}>
      {place > 0 && ", "}
      <span className="font-mono text-xs break-all">{name}</span>
    </span>
  ))
}
