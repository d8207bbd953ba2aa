"use client"

import {
  ArrowRightLeft,
  Boxes,
  CalendarClock,
  ChartColumn,
  HardDrive,
  History,
  KeyRound,
  Layers,
  Network,
  ScrollText,
  Settings,
  ShieldCheck,
  TerminalSquare,
  Warehouse,
} from "lucide-react"
import Link from "next/link"
import { usePathname } from "next/navigation"
import { useTranslations } from "next-intl"
import { useEffect, useRef } from "react"
import { classNames } from "../../components/class-names.ts"
import { QueueCounts } from "../jobs/queue-counts.tsx"
import { useMe } from "../session/use-me.ts"

/** Pages by what they are about; what administrators alone may see is in nobody else's menu. */
const groups = [
  {
    name: "mirroring",
    pages: [
      { path: "/", name: "mirror", icon: ArrowRightLeft },
      { path: "/batch", name: "batch", icon: Layers },
      { path: "/jobs", name: "jobs", icon: History },
      { path: "/schedules", name: "schedules", icon: CalendarClock },
      { path: "/targets", name: "targets", icon: Warehouse },
    ],
  },
  {
    name: "registry",
    pages: [
      { path: "/projects", name: "projects", icon: Boxes },
      { path: "/setup", name: "setup", icon: TerminalSquare },
      { path: "/upstreams", name: "upstreams", icon: Network, administrators: true },
      { path: "/whitelist", name: "whitelist", icon: ShieldCheck, administrators: true },
      { path: "/pull-users", name: "pullUsers", icon: KeyRound, administrators: true },
      { path: "/access-log", name: "accessLog", icon: ScrollText, administrators: true },
      { path: "/cache", name: "cache", icon: HardDrive, administrators: true },
    ],
  },
  {
    name: "system",
    pages: [
      { path: "/statistics", name: "statistics", icon: ChartColumn },
      { path: "/settings", name: "settings", icon: Settings },
    ],
  },
] as const

/** Links to all pages that whoever is logged in may see, with the present one marked. */
export function Navigation({ onFollow }: { readonly onFollow?: () => void }) {
  const say = useTranslations("shell")
  const present = usePathname()
  const { me } = useMe()
  const here = useRef<HTMLAnchorElement>(null)

  // A low window shows a part of the menu.
  useEffect(() => {
    if (me !== undefined && present !== "") here.current?.scrollIntoView({ block: "nearest" })
  }, [me, present])

  return (
    <nav aria-label={say("navigation")} className="grid gap-4 lg:[@media(max-height:50rem)]:gap-2">
      {groups.map(({ name: group, pages }) => (
        <div key={group} className="grid gap-1 lg:[@media(max-height:50rem)]:gap-0">
          <h2 id={`pages-${group}`} className="px-3 pb-1 text-xs font-medium text-sidebar-foreground">
            {say(`groups.${group}`)}
          </h2>
          <ul aria-labelledby={`pages-${group}`} className="grid gap-0.5 lg:[@media(max-height:50rem)]:gap-0">
            {pages
              .filter((page) => !("administrators" in page) || me?.role === "admin")
              .map(({ path, name, icon: Icon }) => {
                const isHere = path === "/" ? present === "/" : present === path || present.startsWith(`${path}/`)
                return (
                  <li key={path}>
                    <Link
                      ref={isHere ? here : undefined}
                      href={path}
                      aria-current={isHere ? "page" : undefined}
                      onClick={() => onFollow?.()}
                      className={classNames(
                        "flex h-9 items-center gap-3 lg:[@media(max-height:50rem)]:h-8 rounded-md px-3 text-sm hover:bg-sidebar-active",
                        isHere ? "bg-sidebar-active font-medium text-white" : "text-sidebar-foreground",
                      )}
                    >
                      <Icon aria-hidden className="size-4.5 shrink-0" />
                      {say(name)}
                      {name === "jobs" && <QueueCounts />}
                    </Link>
                  </li>
                )
              })}
          </ul>
        </div>
      ))}
    </nav>
  )
}
