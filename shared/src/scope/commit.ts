/** One commit as git has it. Text is untrusted. */
export type Commit = {
  sha: string
  parents: string[]
  author: string
  email: string
  /** ISO 8601. */
  date: string
  /** Subject and body. */
  message: string
  /** Paths touched; null when they were not asked for. */
  paths: string[] | null
}
