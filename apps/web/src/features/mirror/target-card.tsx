"use client"

import type { Target } from "@entrepot/client"
import { Warehouse } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import type { ReactNode, Ref } from "react"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import { Disclosure } from "../../components/ui/disclosure.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Select } from "../../components/ui/select.tsx"
import { AddressField } from "./address-field.tsx"
import { chosenForTarget } from "./chosen-options.ts"
import { type ReadDraft, valueIn } from "./draft-problems.ts"
import { FoldedTitle } from "./folded-title.tsx"
import { LoginFields } from "./login-fields.tsx"
import type { MirrorDraft } from "./mirror-draft.ts"
import { SavedTarget } from "./saved-target.tsx"

interface TargetCardProps {
  readonly draft: MirrorDraft
  readonly read: ReadDraft
  readonly targets: readonly Target[]
  readonly defaultTarget: string | null
  readonly onChange: (draft: MirrorDraft) => void
  readonly wasSent: boolean
  /** A request could not be made for want of an address. */
  readonly isAddressBlocked?: boolean
  readonly passwordRef: Ref<HTMLInputElement>
  readonly onPassword: () => void
  readonly passwordProblem: string | undefined
  readonly onCheck: () => void
  readonly isChecking: boolean
  /** What the connection test said. */
  readonly children: ReactNode
}

/** Where the image goes: a saved target, or an address that is typed. */
export function TargetCard(props: TargetCardProps) {
  const { draft, read, targets, defaultTarget, onChange, wasSent, passwordRef, onPassword, passwordProblem } = props
  const say = useTranslations("mirror")
  const saved = targets.find(({ id }) => id === draft.destination)
  // The default target's login is the server's own: a test without it would tell something else.
  const canCheck = saved !== undefined || (draft.address.trim() !== "" && valueIn(read.place) !== undefined)
  return (
    <Card>
      <CardHeader>
        <CardTitle>
          <Warehouse aria-hidden />
          {say("target")}
        </CardTitle>
        <Button
          variant="outline"
          size="small"
          onClick={props.onCheck}
          disabled={!canCheck || props.isChecking}
          aria-busy={props.isChecking}
        >
          {say(props.isChecking ? "checking" : "checkConnection")}
        </Button>
      </CardHeader>
      <CardContent className="grid grid-cols-1 gap-4">
        {targets.length > 0 && (
          <Field label={say("destination")}>
            {(control) => (
              <Select
                {...control}
                value={String(draft.destination)}
                onChange={({ target: { value } }) =>
                  onChange({ ...draft, destination: value === "typed" ? "typed" : Number(value) })
                }
              >
                {targets.map(({ id, name, host, project }) => (
                  <option key={id} value={id}>
                    {`${name} (${project === "" ? host : `${host}/${project}`})`}
                  </option>
                ))}
                <option value="typed">{say("typed")}</option>
              </Select>
            )}
          </Field>
        )}
        {saved !== undefined ? (
          <SavedTarget target={saved} />
        ) : (
          <>
            <AddressField
              draft={draft}
              read={read}
              defaultTarget={defaultTarget}
              onChange={onChange}
              wasSent={wasSent}
              isBlocked={props.isAddressBlocked ?? false}
            />
            <LoginFields
              username={draft.username}
              onUsername={(username) => onChange({ ...draft, username })}
              passwordRef={passwordRef}
              onPassword={onPassword}
              passwordName="password"
              problem={passwordProblem}
            />
            <Disclosure summary={<FoldedTitle title={say("moreAccess")} chosen={chosenForTarget(draft)} />}>
              <Checkbox
                label={say("plainHttp")}
                hint={say("plainHttpHint")}
                checked={draft.plainHttp}
                onChange={(event) => onChange({ ...draft, plainHttp: event.target.checked })}
              />
              <Checkbox
                label={say("skipTls")}
                hint={say("skipTlsHint")}
                checked={!draft.tlsVerify}
                onChange={(event) => onChange({ ...draft, tlsVerify: !event.target.checked })}
              />
            </Disclosure>
          </>
        )}
        {props.children}
        {targets.length === 0 && (
          <p className="text-sm text-muted-foreground">
            {say.rich("saveTarget", {
              link: (text) => (
                <Link href="/targets" className="text-primary underline underline-offset-4">
                  {text}
                </Link>
              ),
            })}
          </p>
        )}
      </CardContent>
    </Card>
  )
}
