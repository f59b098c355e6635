import type { ArtifactFacts, Proof } from '../artifact/artifact-facts.ts'
import type { Plan } from '../plan/plan.ts'
import { code, inline } from '../text/escape-markdown.ts'

/** Row P23: what ships, where its digest comes from, what was checked of it, and what can still be gone back to. */
export const showArtifacts = ({ artifacts, service, version }: Plan): string => {
  if (artifacts === null) return ''
  const { items, candidates, previous, retained, retention } = artifacts
  const lost = retained.filter(({ state }) => state !== 'there')
  return [
    `# Artifacts: ${inline(service)} ${inline(version)}`,
    '',
    '| artifact | digest | from | built from | signature | SBOM |',
    '|---|---|---|---|---|---|',
    ...items.map(row),
    '',
    `- **Candidate**: ${inline(candidates)}`,
    ...previous.map(
      (one) =>
        `- **A rollback returns to**: ${inline(one.name)} of ${inline(one.version)}${digestText(one.digest ?? one.wanted)}${one.state === 'there' ? ', still there' : `, **${words[one.state]}**: ${inline(one.why)}`}`,
    ),
    `- **Retention**: ${inline(retention)}`,
    ...lost.map(
      ({ version: old, reference, digest, state, why }) =>
        `  - ${inline(old)}, ${inline(reference)}${digestText(digest)}: **${words[state]}**, ${inline(why)}`,
    ),
    '',
  ].join('\n')
}

const words: Record<ArtifactFacts['state'], string> = {
  there: 'there',
  gone: 'gone',
  unread: 'not read',
  'not-asked': 'not asked',
}

const digestText = (digest: string | null): string => (digest === null ? '' : ` ${code(digest)}`)

const row = ({ name, digest, from, pointed, commit, signature, sbom, why }: ArtifactFacts): string => {
  const moved = digest !== null && pointed !== null && pointed !== digest
  const cells = [
    inline(name),
    digest === null ? `**not known**: ${inline(why)}` : code(digest),
    `${inline(from)}${moved ? `; **the tag leads to ${code(pointed)}**` : ''}`,
    commit === null ? 'not told' : `${code(commit.sha.slice(0, 12))}, by ${inline(commit.told)}`,
    proofText(signature),
    proofText(sbom),
  ]
  return `| ${cells.join(' | ')} |`
}

const marks: Record<Proof['state'], string> = {
  verified: '✅ verified',
  present: 'present, not verified',
  absent: 'none',
  refused: '❌ the check failed',
  unknown: 'not known',
}

const proofText = ({ state, how }: Proof): string =>
  state === 'absent' ? marks.absent : `${marks[state]} (${inline(how.replace(/; not verified$/, ''), 200)})`
