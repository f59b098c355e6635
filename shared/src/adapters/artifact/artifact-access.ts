import type { ArtifactFacts } from '../../artifact/artifact-facts.ts'
import type { Found } from '../../artifact/proofs.ts'
import type { ArtifactsPolicy } from '../../config/artifact-policy.ts'
import type { GitHubArtifacts } from '../../ports/github-artifacts.ts'
import type { RunProcess } from '../../ports/process.ts'

export type ArtifactAccess = {
  policy: ArtifactsPolicy
  /** The registry of the first artifact: user and password are for it, unless the policy names another. */
  home: string | null
  env: Record<string, string | undefined>
  folder: string
  repository: string
  token: string
  actor: string
  /** null without a token. */
  github: GitHubArtifacts | null
  run: RunProcess
  signal?: AbortSignal | undefined
}

/** What a source says before anything is looked for beside the artifact. */
export type Source = {
  digest: string | null
  from: string
  pointer: string | null
  pointed: string | null
  commit?: ArtifactFacts['commit']
  found?: Found[]
  unasked?: string[]
  /** What `gh` and `cosign` are asked about; null where they take no such thing. */
  subject?: string | null
}
