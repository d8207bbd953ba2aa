"use client"

import type { User } from "@entrepot/client"
import { useQuery } from "@tanstack/react-query"
import { Plus } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Button } from "../../../components/ui/button.tsx"
import { Dialog } from "../../../components/ui/dialog.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { useMe } from "../../session/use-me.ts"
import { SectionCard } from "../section-card.tsx"
import { EditUserForm } from "./edit-user-form.tsx"
import { NewUserForm } from "./new-user-form.tsx"
import { RemoveUserDialog } from "./remove-user-dialog.tsx"
import { UserRow } from "./user-row.tsx"

/** Who may log in, and as what. */
export function UsersSection() {
  const say = useTranslations("settings.users")
  const trpc = useTRPC()
  const { me } = useMe()
  const users = useQuery(trpc.accounts.users.list.queryOptions())
  const [isAdding, setAdding] = useState(false)
  const [edited, setEdited] = useState<User>()
  const [removed, setRemoved] = useState<User>()

  return (
    <SectionCard
      title={say("title")}
      description={say("description")}
      action={
        <Button size="small" onClick={() => setAdding(true)}>
          <Plus aria-hidden />
          {say("add")}
        </Button>
      }
      list={users}
      rows={{ count: 2, className: "h-12" }}
    >
      {users.data && (
        <ul className="divide-y border-t">
          {users.data.map((user) => (
            <UserRow
              key={user.id}
              user={user}
              isMe={user.id === me?.userId}
              onEdit={() => setEdited(user)}
              onRemove={() => setRemoved(user)}
            />
          ))}
        </ul>
      )}
      <Dialog open={isAdding} onClose={() => setAdding(false)} title={say("add")} isForm>
        <NewUserForm onDone={() => setAdding(false)} />
      </Dialog>
      <Dialog
        open={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={edited && say("editTitle", { name: edited.name })}
        isForm
      >
        {edited && <EditUserForm user={edited} onDone={() => setEdited(undefined)} />}
      </Dialog>
      <RemoveUserDialog user={removed} onClose={() => setRemoved(undefined)} />
    </SectionCard>
  )
}
