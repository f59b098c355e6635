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
  /** A file of the branch that the policy is read from; null where there is none. Never one of the commit that is judged. */
  policyFile: (path: string) => Promise<string | null>
  repository: string
  token: string
  actor: string
  /** null without a token. */
  github: GitHubArtifacts | null
  run: RunProcess
  /** Of the job: it ends everything. */
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
  subject?: Subject | null
  /** By which GitHub knows attestations of it, where that is another digest. */
  attestedAs?: string
  /** Removes what was fetched to be looked at. */
  close?: () => Promise<void>
}

export type Subject =
  | { kind: 'image'; name: string; host: string }
  /** `bundle`: signed statements beside it, about the same digest as the source's. */
  | { kind: 'file'; path: string; bundle: string | null }
  | { kind: 'release'; tag: string; file: string }
  | { kind: 'upload'; id: number }
