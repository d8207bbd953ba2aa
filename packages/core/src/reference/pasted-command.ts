const clients = new Set(["docker", "podman", "nerdctl", "crictl", "ctr", "buildah"])
const actions = new Set(["pull", "run", "create"])
/** Words between the client and the action: `docker image pull`, `ctr images pull`, `docker container run`. */
const groups = new Set(["image", "images", "i", "container", "containers", "c"])

/** Options without a value of their own; every other one takes the next word, unless it is written with "=". */
const flags = new Set(
  [
    "--all-tags --quiet --debug --detach --interactive --tty --rm --init --privileged --read-only --publish-all --no-healthcheck",
    "--disable-content-trust --all-platforms --local --plain-http --skip-verify --all --verbose",
    "-a -q -d -i -t -P -D -k",
  ].flatMap((line) => line.split(" ")),
)
/** Clusters of one-letter flags: `-it`, `-dit`. */
const flagLetters = new Set("aqditPD")

/**
 * The image that a pasted line names: a pull or run command, `FROM` of a Dockerfile, `image:` of a compose file or a manifest.
 * Empty when it names none; undefined when the text is no such line.
 */
export function imageOfCommand(text: string): string | undefined {
  const words = text.split(/\s+/)
  while (words[0] === "$" || words[0] === "#" || words[0] === "sudo" || words[0] === "-") words.shift()
  const [first = "", ...rest] = words
  if (first === "image:") return withoutComment(rest)
  if (first.toUpperCase() === "FROM" && rest.length > 0) return firstPlain(rest, () => false)
  if (!clients.has(first)) return undefined
  const action = rest.findIndex((word, index) => actions.has(word) && isAfterOptions(rest.slice(0, index)))
  return action === -1 ? "" : firstPlain(rest.slice(action + 1), takesValue)
}

/** Only groups, and global options with their values, may stand before the action. */
function isAfterOptions(words: readonly string[]): boolean {
  return words.every((word, index) => groups.has(word) || word.startsWith("-") || takesValue(words[index - 1] ?? ""))
}

/** `-p` and `-itv` do; `-it` does not, and `-p80:80` has it with it already. */
function takesValue(word: string): boolean {
  if (!word.startsWith("-") || word === "-" || word.includes("=") || flags.has(word)) return false
  if (word.startsWith("--") || word.length === 2) return true
  return flagLetters.has(word.charAt(1)) && ![...word.slice(1)].every((letter) => flagLetters.has(letter))
}

function firstPlain(words: readonly string[], hasValue: (option: string) => boolean): string {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ""
    if (word === "" || word === "\\") continue
    if (!word.startsWith("-")) return word
    if (hasValue(word)) i++
  }
  return ""
}

function withoutComment(words: readonly string[]): string {
  const comment = words.findIndex((word) => word.startsWith("#"))
  return (comment === -1 ? words : words.slice(0, comment)).join(" ")
}
