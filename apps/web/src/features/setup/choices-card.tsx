"use client"

import type { RegistryPlace } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import { Field } from "../../components/ui/field.tsx"
import { asTyped, Input } from "../../components/ui/input.tsx"
import { readAddress } from "./read-address.ts"
import { offeredRegistries, type SetupDraft } from "./setup-draft.ts"

interface ChoicesCardProps {
  readonly place: RegistryPlace
  readonly draft: SetupDraft
  readonly onChange: (changes: Partial<SetupDraft>) => void
}

/** How clients reach this server, and what they get from it. */
export function ChoicesCard({ place, draft, onChange }: ChoicesCardProps) {
  const say = useTranslations("setup")
  const address = readAddress(draft.address)
  const isPlain = typeof address !== "string" && address.isPlainHttp
  const mayBeBetter = typeof address === "string" || address.origin !== place.origin
  return (
    <Card>
      <CardHeader>
        <CardTitle>{say("server")}</CardTitle>
      </CardHeader>
      <CardContent className="grid gap-6">
        <div className="grid gap-2">
          <Field
            label={say("address")}
            hint={say(isPlain ? "addressPlain" : "addressHint")}
            problem={typeof address === "string" ? say(`problems.${address}`) : undefined}
          >
            {(control) => (
              <Input
                {...control}
                {...asTyped}
                mono
                inputMode="url"
                maxLength={300}
                placeholder="https://mirror.example.com"
                value={draft.address}
                onChange={(event) => onChange({ address: event.target.value })}
              />
            )}
          </Field>
          {mayBeBetter && (
            <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted-foreground">
              {say("known")}
              <Button
                variant="link"
                className="min-h-6 font-mono break-all whitespace-normal"
                onClick={() => onChange({ address: place.origin })}
              >
                {place.origin}
              </Button>
            </p>
          )}
          {!isPlain && (
            <Checkbox
              label={say("privateCa")}
              hint={say("privateCaHint")}
              checked={draft.hasPrivateCa}
              onChange={(event) => onChange({ hasPrivateCa: event.target.checked })}
            />
          )}
        </div>
        <div className="grid gap-3">
          <Checkbox
            label={say("login")}
            hint={say(place.open ? "loginOpen" : "loginClosed")}
            checked={draft.hasLogin}
            onChange={(event) => onChange({ hasLogin: event.target.checked })}
          />
          {draft.hasLogin && (
            <Field label={say("user")} hint={say("userHint")} className="sm:max-w-sm">
              {(control) => (
                <Input
                  {...control}
                  {...asTyped}
                  maxLength={256}
                  value={draft.user}
                  onChange={(event) => onChange({ user: event.target.value })}
                />
              )}
            </Field>
          )}
        </div>
        <fieldset className="grid gap-2">
          <legend className="mb-2 text-sm font-medium">{say("registries")}</legend>
          <div className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
            {offeredRegistries(place).map((name) => (
              <Checkbox
                key={name}
                label={<span className="font-mono break-all">{name}</span>}
                checked={!draft.without.includes(name)}
                onChange={({ target }) =>
                  onChange({
                    without: target.checked ? draft.without.filter((other) => other !== name) : [...draft.without, name],
                  })
                }
              />
            ))}
          </div>
        </fieldset>
      </CardContent>
    </Card>
  )
}
