import { z } from 'zod'

/**
 * What is known of a signature or a bill of materials: `verified` only where a program checked it; `present` where it lies
 * beside the artifact and nobody checked it.
 */
export const proof = z.object({
  state: z.enum(['verified', 'present', 'absent', 'refused', 'unknown']),
  how: z.string().describe('By what it was checked or found, or why it is not known'),
})

/** Rows P23, P25: what one source says of one artifact. */
export const artifactFacts = z.object({
  reference: z.string().describe('As configured'),
  name: z.string().describe('The reference, filled in for its version'),
  kind: z.enum(['image', 'release-asset', 'workflow-artifact', 'file', 'npm', 'other']),
  version: z.string(),
  digest: z.string().nullable().describe('sha256:… or sha512:…; null: not known'),
  wanted: z.string().nullable().describe('The digest that had to be found, from the input or the candidate'),
  from: z.string().describe('Where the digest comes from: the input, the candidate, a tag'),
  pointer: z.string().nullable().describe('The tag or name that was asked'),
  pointed: z.string().nullable().describe('The digest that the tag or name led to'),
  state: z
    .enum(['there', 'gone', 'unread', 'not-asked'])
    .describe('gone: the source has no such digest; unread: it did not answer'),
  why: z.string().describe('In one sentence, where it is not there'),
  commit: z
    .object({ sha: z.string(), told: z.string().describe('By whom: an annotation, a label, an attestation') })
    .nullable()
    .describe('The commit that it says it was built from'),
  signature: proof,
  sbom: proof,
})

export type Proof = z.output<typeof proof>
export type ArtifactFacts = z.output<typeof artifactFacts>

export const notKnown = (how: string): Proof => ({ state: 'unknown', how })

/** An artifact of which nothing was learnt, with the reason. */
export const unread = (
  about: Pick<ArtifactFacts, 'reference' | 'wanted' | 'name' | 'kind' | 'version'>,
  state: ArtifactFacts['state'],
  why: string,
): ArtifactFacts => ({
  ...about,
  digest: null,
  from: '',
  pointer: null,
  pointed: null,
  state,
  why,
  commit: null,
  signature: notKnown('it was not looked for'),
  sbom: notKnown('it was not looked for'),
})
