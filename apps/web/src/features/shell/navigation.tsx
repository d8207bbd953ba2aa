"use client"

import { ArrowRightLeft, CalendarClock, ChartColumn, History, Layers, Settings, Warehouse } from "lucide-react"
import Link from "next/link"
import { usePathname } from "next/navigation"
import { useTranslations } from "next-intl"
import { classNames } from "../../components/class-names.ts"
import { QueueCounts } from "../jobs/queue-counts.tsx"

const pages = [
  { path: "/", name: "mirror", icon: ArrowRightLeft },
  { path: "/batch", name: "batch", icon: Layers },
  { path: "/jobs", name: "jobs", icon: History },
  { path: "/statistics", name: "statistics", icon: ChartColumn },
  { path: "/targets", name: "targets", icon: Warehouse },
  { path: "/schedules", name: "schedules", icon: CalendarClock },
  { path: "/settings", name: "settings", icon: Settings },
] as const

/** Links to all pages, with the present one marked. */
export function Navigation({ onFollow }: { readonly onFollow?: () => void }) {
  const say = useTranslations("shell")
  const present = usePathname()
  return (
    <nav aria-label={say("navigation")}>
      <ul className="grid gap-1">
        {pages.map(({ path, name, icon: Icon }) => {
          const isHere = path === "/" ? present === "/" : present === path || present.startsWith(`${path}/`)
          return (
            <li key={path}>
              <Link
                href={path}
                aria-current={isHere ? "page" : undefined}
                onClick={() => onFollow?.()}
                className={classNames(
                  "flex h-10 items-center gap-3 rounded-md px-3 text-sm hover:bg-sidebar-active",
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
    </nav>
  )
}
