import { z } from 'zod'
import { artifactFacts } from './artifact-facts.ts'

const listed = z.object({ reference: z.string(), digest: z.string().nullable() })

/** The last candidate before a final version (1.4.0-rc.2 of 1.4.0), and what was planned to ship with it. */
export const candidate = z.object({
  version: z.string(),
  sha: z.string().nullable(),
  state: z.string().nullable().describe('Of its release in the record'),
  blocked: z.boolean().describe('It was rolled back, and no person has lifted that'),
  source: z
    .enum(['record', 'tag'])
    .describe('tag: it is not in the record, so its tag in the source was asked'),
  artifacts: z.array(listed.extend({ pointed: z.string().nullable().describe('Where its tag leads now') })),
})

/** Rows P15, P23, P25: what ships, what it must be the same as, and what can still be gone back to. */
export const plannedArtifacts = z.object({
  items: z.array(artifactFacts).min(1),
  candidate: candidate.nullable(),
  candidates: z.string().describe('In one sentence: which candidate, or why there is none'),
  previous: z.array(artifactFacts).describe('Of the version that a rollback returns to'),
  retained: z.array(
    listed.extend({ version: z.string(), state: artifactFacts.shape.state, why: z.string() }),
  ),
  retention: z.string().describe('In one sentence: how many versions are kept, and which could not be asked'),
  exception: z.object({ reason: z.string(), by: z.string() }).nullable(),
})

export type Candidate = z.output<typeof candidate>
export type PlannedArtifacts = z.output<typeof plannedArtifacts>
