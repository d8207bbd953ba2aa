/** A file of a client, as it is to be written. */
export interface ClientFile {
  readonly path: string
  readonly text: string
  /** Only of some versions: `containerd 1.x`. */
  readonly version?: string
  /** These lines belong into a file that is there already. Otherwise the text is the whole file, unless there is one. */
  readonly isPart?: boolean
}

/** What should be known beside the files: each has a sentence among the words of the page. */
export type SetupRemark =
  | "plainHttp"
  | "hubAlone"
  | "hubNotHere"
  | "mirrorsWithoutLogin"
  | "ports"
  | "secretInFile"
  | "everyNode"
  | "rke2"
  | "podsByName"
  | "podsNeedNothing"
  | "buildkitd"

/** How one client is told to pull through this server. */
export interface ClientSetup {
  readonly files: readonly ClientFile[]
  /** To be run after the files are there, one a line. */
  readonly commands: readonly string[]
  readonly remarks: readonly SetupRemark[]
}
