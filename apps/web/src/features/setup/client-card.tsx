"use client"

import { useTranslations } from "next-intl"
import { Alert } from "../../components/ui/alert.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { type ClientName, clients } from "./clients.ts"
import { CopiedText } from "./copied-text.tsx"
import { FileView } from "./file-view.tsx"
import type { SetupChoices } from "./setup-choices.ts"

/** More than these are folded, but for the first. */
const mostUnfolded = 3

/** One client: its files, the commands after them, and what should be known. */
export function ClientCard({ name, choices }: { readonly name: ClientName; readonly choices: SetupChoices }) {
  const say = useTranslations("setup")
  const { files, commands, remarks } = clients[name](choices)
  return (
    <Card aria-label={say(`clients.${name}`)}>
      <CardHeader>
        <CardTitle>{say(`clients.${name}`)}</CardTitle>
      </CardHeader>
      <CardContent className="grid gap-4">
        {remarks.length > 0 && (
          <Alert>
            {remarks.map((remark) => (
              <p key={remark}>{say(`remarks.${remark}`, { host: choices.address.host })}</p>
            ))}
          </Alert>
        )}
        {files.map((file, index) => (
          <FileView
            key={`${file.path} ${file.version ?? ""}`}
            file={file}
            open={index === 0 || files.length <= mostUnfolded || file.isPart === true}
          />
        ))}
        {commands.length > 0 && (
          <div className="grid gap-2">
            <h3 className="text-sm font-medium">{say(files.length === 0 ? "commands" : "commandsAfter")}</h3>
            <CopiedText label={say("commandsLabel")} text={`${commands.join("\n")}\n`} copyLabel={say("copyCommands")} />
          </div>
        )}
      </CardContent>
    </Card>
  )
}
