"use client"

import { FileUp, ListPlus } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import { useRef, useState } from "react"
import { Alert } from "../../components/ui/alert.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Textarea } from "../../components/ui/textarea.tsx"
import { problemOf } from "../mirror/name-problem.ts"
import type { ReadImages } from "./read-images.ts"

interface BatchSourceProps {
  readonly text: string
  readonly found: ReadImages | undefined
  readonly onText: (text: string) => void
}

/** Longer files are none that people write, bytes. */
const longestFile = 1024 * 1024

const example = "nginx:1.27\nquay.io/prometheus/prometheus:v2.40.0\ngcr.io/google-containers/pause:3.2"

/** Where a list, a compose file or a manifest is pasted, dropped, or chosen. */
export function BatchSource({ text, found, onText }: BatchSourceProps) {
  const say = useTranslations("batch")
  const locale = useLocale()
  const picker = useRef<HTMLInputElement>(null)
  const [fileProblem, setFileProblem] = useState<string>()

  async function take(files: FileList | null): Promise<void> {
    const chosen = [...(files ?? [])]
    if (chosen.length === 0) return
    const tooLong = chosen.find(({ size }) => size > longestFile)
    setFileProblem(tooLong === undefined ? undefined : say("fileTooLong", { name: tooLong.name }))
    if (tooLong !== undefined) return
    try {
      onText((await Promise.all(chosen.map((file) => file.text()))).join("\n---\n"))
    } catch {
      // A folder, or a file that has gone.
      setFileProblem(say("fileUnreadable"))
    }
  }

  const problem = found?.problem === undefined ? undefined : problemOf(found.problem, locale)
  return (
    <Card>
      <CardHeader>
        <CardTitle>
          <ListPlus aria-hidden />
          {say("images")}
        </CardTitle>
        <Button variant="outline" size="small" onClick={() => picker.current?.click()}>
          <FileUp aria-hidden />
          {say("chooseFile")}
        </Button>
        <input
          ref={picker}
          type="file"
          accept=".yml,.yaml,.txt,.list,.json,text/*"
          multiple
          hidden
          onChange={(event) => {
            void take(event.target.files)
            event.target.value = ""
          }}
        />
      </CardHeader>
      <CardContent className="grid gap-3">
        <Field label={say("paste")} problem={fileProblem}>
          {(control) => (
            <Textarea
              {...control}
              value={text}
              rows={12}
              spellCheck={false}
              autoCapitalize="none"
              autoCorrect="off"
              placeholder={example}
              className="min-h-64 text-sm"
              onChange={(event) => onText(event.target.value)}
              onDrop={(event) => {
                if (event.dataTransfer.files.length === 0) return
                event.preventDefault()
                void take(event.dataTransfer.files)
              }}
            />
          )}
        </Field>
        <p role="status" className="min-h-5 text-sm text-muted-foreground">
          {found === undefined ? say("takes") : say(`found.${found.kind}`, { count: found.images.length })}
        </p>
        {problem && (
          <Alert tone="warning">
            <p className="font-medium">{problem.sentence}</p>
            {problem.hint && <p>{problem.hint}</p>}
          </Alert>
        )}
      </CardContent>
    </Card>
  )
}
