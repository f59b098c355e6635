import type { Statement } from '../artifact/statement.ts'

/** What GitHub keeps of artifacts of the repository. */
export type GitHubArtifacts = {
  /** The statements about a digest (`sha256:…`), not verified; [] where there are none. */
  attestations(digest: string): Promise<Statement[]>
  /** A file of the release of a tag; null where there is no such release or file. `digest` is null for old uploads. */
  asset(tag: string, file: string): Promise<{ digest: string | null } | null>
  /** The newest upload of that name by a run of that commit that has not expired; null where there is none. */
  upload(name: string, sha: string): Promise<{ id: number; digest: string | null } | null>
  /** The archive (zip) of an upload, up to 32 MB. */
  archive(id: number): Promise<Uint8Array>
}
