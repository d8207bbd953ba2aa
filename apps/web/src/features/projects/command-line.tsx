import { CopyButton } from "../../components/ui/copy-button.tsx"

/** A line to be typed in a terminal, as it stands. */
export function CommandLine({ command, label }: { readonly command: string; readonly label: string }) {
  return (
    <div className="flex min-w-0 items-center gap-1 rounded-md bg-muted pl-3">
      <code className="min-w-0 flex-1 py-2 font-mono text-xs break-all">{command}</code>
      <CopyButton text={command} label={label} iconOnly />
    </div>
  )
}
