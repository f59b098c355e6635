import type { ArtifactFacts } from '../artifact/artifact-facts.ts'
import type { Named } from '../artifact/reference.ts'

export type ArtifactAsk = {
  /** As configured: `artifact` or one of `artifacts.more`. */
  reference: string
  named: Named
  /** The digest that is wanted in place of what the tag leads to. */
  digest: string | null
  /** Whether signatures and bills of materials are looked for, too. */
  proofs: boolean
}

/** Where artifacts lie. Looking never fails: a source that does not answer is `unread`, with the reason. */
export type Artifacts = { look(ask: ArtifactAsk): Promise<ArtifactFacts> }
