import type { Commit } from '../scope/commit.ts'
import type { Tag } from '../version/release-tag.ts'

export type { Commit } from '../scope/commit.ts'
export type { Tag } from '../version/release-tag.ts'

/** Lines of one file that a commit adds and deletes; 0 and 0 for a binary file and one above 2 MB. */
export type FileSize = { path: string; added: number; deleted: number }

/** A commit whose patch is elsewhere missing; `copy`: the commit there that is it with another patch, null without one. */
export type Missing = Pick<Commit, 'sha' | 'message'> & { copy: string | null }

/** Reads history. Every answer is for the one clone it was opened on. */
export type Git = {
  /** Full sha of a revision; a ConfigurationError when it does not exist or is ambiguous. */
  resolve(revision: string): Promise<string>
  /** Every tag with its peeled commit, cheaply (no dates). */
  tags(): Promise<Tag[]>
  /**
   * Tags whose commit is an ancestor of `sha` or `sha` itself, nearest first; of all tags, or of those in `among`. With
   * `limit` the walk ends there, which keeps a long history cheap.
   */
  tagsBehind(sha: string, options?: { limit?: number; among?: readonly Tag[] }): Promise<Tag[]>
  /** Commits in `from..to` (all of `to` when `from` is null), newest first; `paths` fills Commit.paths. */
  commits(
    from: string | null,
    to: string,
    options?: { firstParent?: boolean; paths?: boolean },
  ): Promise<Commit[]>
  /** Commits of `tip` whose patch is not in `sha`, whatever their own sha; merges are left out. Newest last. */
  notIn(sha: string, tip: string): Promise<Missing[]>
  /**
   * The one commit on the first-parent line of `sha` that brings what these commits bring together, and that was not undone; null where
   * there is none, and where it cannot be told cheaply. `commits` are the full shas of one branch, oldest first.
   */
  squashed(sha: string, commits: readonly string[]): Promise<string | null>
  /** True when history was cut off (`--depth`). */
  shallow(): Promise<boolean>
  /** A file at a revision; null when absent. A ConfigurationError for a symbolic link or a path that leaves the repository. */
  file(revision: string, path: string): Promise<string | null>
  isAncestor(ancestor: string, descendant: string): Promise<boolean>
  /** Names of branches that this clone knows, as `refs/…`: its own and those of its remote. */
  branches(): Promise<string[]>
  /** Paths of all files at a revision. */
  paths(revision: string): Promise<string[]>
  /**
   * Paths in which merges of two parents differ from what git makes of these by itself, by sha; null where this cannot be told: no file
   * contents, too many merges, an old git.
   */
  mergePaths(shas: readonly string[]): Promise<Map<string, string[]> | null>
  /** What commits change against their first parent, by sha; null where this clone has no file contents to compare. What takes too long is missing. */
  sizes(shas: readonly string[]): Promise<Map<string, FileSize[]> | null>
}
