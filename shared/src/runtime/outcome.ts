import type { z } from 'zod'

/** What a verb returns: a decision with its reason, for machines and for people. A refusal is an outcome, not an error. */
export type Outcome = {
  decision: string
  /** Stable, kebab-case, documented in the action catalog. */
  reasonCode: string
  /** One sentence. */
  message: string
  /** True when the job must not go on as if all were well. */
  failed: boolean
  /** The action's own outputs. */
  outputs: Record<string, string>
  data: Record<string, z.core.util.JSONType>
  /** Markdown for the job summary; untrusted text in it is already escaped. */
  summary: string
}
