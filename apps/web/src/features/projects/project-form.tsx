"use client"

import { EntrepotError, type Project } from "@entrepot/client"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import { Field } from "../../components/ui/field.tsx"
import { asTyped, Input } from "../../components/ui/input.tsx"
import { Select } from "../../components/ui/select.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { changesOf, draftOf, inputOf, isPath, nameProblemOf, type ProjectDraft } from "./project-draft.ts"

interface ProjectFormProps {
  /** Undefined makes a new one. */
  readonly project: Project | undefined
  readonly onDone: () => void
}

/** Makes or changes a project. Its name is for good: images are pulled by it. */
export function ProjectForm({ project, onDone }: ProjectFormProps) {
  const say = useTranslations()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const targets = useQuery(trpc.targets.list.queryOptions())
  const [draft, setDraft] = useState(() => draftOf(project))
  const saved = {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: trpc.projects.pathKey() })
      onDone()
    },
  }
  const create = useMutation(trpc.projects.create.mutationOptions(saved))
  const update = useMutation(trpc.projects.update.mutationOptions(saved))
  const isSaving = create.isPending || update.isPending
  const error = create.error ?? update.error
  const isTaken = error instanceof EntrepotError && error.code === "conflict"
  const nameProblem = project === undefined && draft.name.trim() !== "" ? nameProblemOf(draft.name.trim()) : undefined
  const isPathWrong = draft.targetId !== null && !isPath(draft.path.trim())
  const change = (part: Partial<ProjectDraft>) => setDraft((before) => ({ ...before, ...part }))

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (nameProblem !== undefined || isPathWrong) return
    const changes = project && changesOf(project, draft)
    if (project === undefined) create.mutate(inputOf(draft))
    else if (changes === undefined) onDone()
    else update.mutate({ id: project.id, ...changes })
  }

  return (
    <form className="grid gap-4" onSubmit={submit}>
      {project === undefined && (
        <Field
          label={say("projects.name")}
          hint={say("projects.nameHint")}
          problem={nameProblem && say(`projects.nameProblem.${nameProblem}`)}
        >
          {(control) => (
            <Input
              {...control}
              {...asTyped}
              mono
              required
              autoFocus
              maxLength={128}
              value={draft.name}
              placeholder="team"
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
      )}
      <Checkbox
        label={say("projects.public")}
        hint={say("projects.publicHint")}
        checked={draft.isPublic}
        onChange={(event) => change({ isPublic: event.target.checked })}
      />
      <Field label={say("projects.target")} hint={say("projects.targetHint")}>
        {(control) => (
          <Select
            {...control}
            value={draft.targetId ?? ""}
            onChange={(event) => change({ targetId: event.target.value === "" ? null : Number(event.target.value) })}
          >
            <option value="">{say("projects.here")}</option>
            {targets.data?.targets.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {draft.targetId !== null && (
        <Field
          label={say("projects.path")}
          hint={say("projects.pathHint")}
          problem={isPathWrong ? say("projects.pathProblem") : undefined}
        >
          {(control) => (
            <Input
              {...control}
              {...asTyped}
              mono
              maxLength={200}
              value={draft.path}
              placeholder={project?.name ?? draft.name}
              onChange={(event) => change({ path: event.target.value })}
            />
          )}
        </Field>
      )}
      {isTaken ? (
        <Alert tone="danger">{say("projects.isTaken", { name: draft.name })}</Alert>
      ) : (
        error && <Problem error={error} />
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="outline" onClick={onDone}>
          {say("common.cancel")}
        </Button>
        <Button type="submit" disabled={isSaving} aria-busy={isSaving}>
          {say("common.save")}
        </Button>
      </div>
    </form>
  )
}
