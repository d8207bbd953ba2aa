"use client"

import { Menu } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import { Logo } from "../../components/logo.tsx"
import { Button } from "../../components/ui/button.tsx"
import { LiveQueue } from "../jobs/live-queue.tsx"
import { SessionGate } from "../session/session-gate.tsx"
import { AccountCorner } from "./account-corner.tsx"
import { Drawer } from "./drawer.tsx"
import { Navigation } from "./navigation.tsx"

/** Around every page: where one can go, who one is, and the way out. At the side where there is room, else behind a button. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const say = useTranslations("shell")
  const [open, setOpen] = useState(false)
  const name = (
    <Link href="/" className="flex min-w-0 items-center gap-2.5 font-semibold text-white" onClick={() => setOpen(false)}>
      <Logo className="size-8 shrink-0" />
      <span className="truncate">{say("title")}</span>
    </Link>
  )
  return (
    <LiveQueue>
      <div className="relative min-h-dvh lg:pl-60">
        <a
          href="#content"
          className="fixed top-2 left-2 z-50 -translate-y-20 rounded-md bg-card px-4 py-2 text-sm font-medium shadow-lg focus:translate-y-0"
        >
          {say("skip")}
        </a>
        <aside className="absolute inset-y-0 left-0 hidden w-60 bg-sidebar lg:block">
          <div className="sticky top-0 flex h-dvh flex-col gap-4 px-3 py-4">
            <div className="px-1">{name}</div>
            <div className="-mx-1 min-h-0 flex-1 overflow-y-auto p-1 [scrollbar-color:var(--sidebar-muted)_transparent] [scrollbar-width:thin]">
              <Navigation />
            </div>
            <AccountCorner />
          </div>
        </aside>
        <header className="sticky top-0 z-30 flex h-14 items-center justify-between gap-3 bg-sidebar px-4 text-white lg:hidden">
          {name}
          <Button
            variant="ghost"
            size="icon"
            className="hover:bg-sidebar-active"
            aria-label={say("openMenu")}
            aria-expanded={open}
            onClick={() => setOpen(true)}
          >
            <Menu aria-hidden />
          </Button>
        </header>
        <Drawer open={open} onClose={() => setOpen(false)}>
          <Navigation onFollow={() => setOpen(false)} />
          <AccountCorner />
        </Drawer>
        <main id="content" tabIndex={-1} className="mx-auto w-full max-w-6xl space-y-6 p-4 outline-none sm:p-6 lg:p-8">
          <SessionGate>{children}</SessionGate>
        </main>
      </div>
    </LiveQueue>
  )
}
