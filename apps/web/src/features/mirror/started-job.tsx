"use client"

import Link from "next/link"
import { useTranslations } from "next-intl"

/** The job that the address of the page tells of, live. */
export function StartedJob({ id }: { readonly id: number }) {
  const say = useTranslations("shell")
  return <Link href={`/jobs/${id}`}>{say("job", { id })}</Link>
}
