/** The warehouse at the quay. */
export function Logo({ className }: { readonly className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 32 32" className={className}>
      <rect width="32" height="32" rx="7" fill="#15608a" />
      <path d="M7 14 16 8l9 6v11H7z" fill="none" stroke="#fff" strokeWidth="2.5" strokeLinejoin="round" />
      <path d="M12 18h8M12 22h8" stroke="#fff" strokeWidth="2.5" strokeLinecap="round" />
    </svg>
  )
}
