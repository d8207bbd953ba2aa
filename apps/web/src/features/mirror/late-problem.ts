/** How long a text must rest before it is called wrong, in milliseconds. */
export const restingMs = 500

interface Moment {
  /** Whether the text is wrong now. */
  readonly isWrong: boolean
  /** Whether that was already said. */
  readonly wasShown: boolean
  /** The field was left, the text has rested, or the form was sent. */
  readonly isDone: boolean
}

/** Whether to say that a text is wrong: not while it is being typed; once said, until it is right. */
export function showsProblem({ isWrong, wasShown, isDone }: Moment): boolean {
  return isWrong && (wasShown || isDone)
}
