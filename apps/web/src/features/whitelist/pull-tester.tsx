"use client"

import type { AccessAnswer } from "@entrepot/client"
import { useQuery } from "@tanstack/react-query"
import { CircleCheck, CircleX, Search } from "lucide-react"
import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Field } from "../../components/ui/field.tsx"
import { asTyped, Input } from "../../components/ui/input.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { useOwnRegistry } from "../../connection/use-own-registry.ts"
import { askedImage } from "./asked-image.ts"

/** Tries the rules on an image: whether somebody who shows nothing may pull it, and why. It follows the rules as they change. */
export function PullTester() {
  const say = useTranslations("whitelist")
  const trpc = useTRPC()
  const host = useOwnRegistry()
  const [typed, setTyped] = useState("")
  const [image, setImage] = useState("")
  const answer = useQuery(trpc.accessRules.explain.queryOptions({ image }, { enabled: image !== "" }))

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const wanted = askedImage(typed, host)
    if (wanted === image) void answer.refetch()
    else setImage(wanted)
  }

  return (
    <Card aria-label={say("tester")}>
      <CardHeader>
        <CardTitle>{say("tester")}</CardTitle>
      </CardHeader>
      <CardContent className="space-y-3">
        <form className="flex flex-wrap items-start gap-x-3 gap-y-2" autoComplete="off" onSubmit={submit}>
          <Field className="flex-1 basis-64" label={say("image")} hint={say("imageHint")}>
            {(control) => (
              <Input
                {...control}
                {...asTyped}
                mono
                required
                maxLength={1024}
                value={typed}
                placeholder="helloz/nginx:1.27"
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit" variant="outline" className="sm:mt-6.5" aria-busy={answer.isFetching}>
            <Search aria-hidden />
            {say("try")}
          </Button>
        </form>
        <div role="status">{image !== "" && answer.data && <Answer image={image} answer={answer.data} />}</div>
        {image !== "" && answer.error && <Problem error={answer.error} />}
      </CardContent>
    </Card>
  )
}

function Answer({ image, answer }: { readonly image: string; readonly answer: AccessAnswer }) {
  const say = useTranslations("whitelist")
  const { repository, isLetIn, reason, rule } = answer
  return (
    <div className="flex items-start gap-2.5 rounded-md border bg-background px-3 py-2 text-sm [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0">
      {isLetIn ? <CircleCheck aria-hidden className="text-success" /> : <CircleX aria-hidden className="text-danger" />}
      <div className="min-w-0 space-y-0.5">
        <p className="font-medium">{say(isLetIn ? "isLetIn" : "isKeptOut")}</p>
        <p>{say(`reasons.${reason}`)}</p>
        {rule && (
          <p className="break-words">
            {say(`ruleThat.${rule.effect}`)} <span className="font-mono text-xs break-all">{rule.prefix}</span>
          </p>
        )}
        <p className="font-mono text-xs break-all text-muted-foreground">{repository ?? image}</p>
      </div>
    </div>
  )
}
