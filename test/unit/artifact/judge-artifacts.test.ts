import { describe, expect, test } from '@jest/globals'
import type { ArtifactFacts } from '@relman/core/artifact/artifact-facts'
import { judgeArtifacts } from '@relman/core/artifact/judge-artifacts'
import type { PlannedArtifacts } from '@relman/core/artifact/planned-artifacts'
import { refresh } from '@relman/core/artifact/refresh'
import type { ArtifactsPolicy } from '@relman/core/config/artifact-policy'

const [digest, other] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`) as [string, string]
const sha = 'c'.repeat(40)
const none = { state: 'absent' as const, how: 'nothing was found' }
const fact = (more: Partial<ArtifactFacts> = {}): ArtifactFacts => ({
  ...{ reference: 'r/shop', wanted: null, name: 'r/shop', kind: 'image', version: '1.4.0' },
  ...{ digest, from: 'the tag 1.4.0', pointer: '1.4.0', pointed: digest, state: 'there', why: '' },
  ...{ commit: { sha, told: 'a label' }, signature: none, sbom: none },
  ...more,
})
const planned = (
  item: Partial<ArtifactFacts> = {},
  more: Partial<PlannedArtifacts> = {},
): PlannedArtifacts => ({
  ...{ items: [fact(item)], candidate: null, candidates: 'no candidate of 1.4.0 exists', previous: [] },
  ...{ retained: [], retention: '', exception: null },
  ...more,
})
const judge = (value: PlannedArtifacts, require: ArtifactsPolicy['require'] = [], version = '1.4.0') =>
  judgeArtifacts(value, { version, sha }, require).map(
    ({ id, state, reason }) => `${id.split(':')[0]} ${reason || state}`,
  )
const candidate = {
  ...{ version: '1.4.0-rc.2', sha, state: 'completed', blocked: false, source: 'record' as const },
  artifacts: [{ reference: 'r/shop', digest, pointed: digest as string | null }],
}

describe('P23: an artifact', () => {
  test.each<[string, Partial<ArtifactFacts>, ArtifactsPolicy['require'], string[]]>([
    ['that is as planned', {}, [], ['artifact-digest pass', 'artifact-commit pass']],
    [
      'of another commit',
      { commit: { sha: 'd'.repeat(40), told: '' } },
      [],
      ['artifact-digest pass', 'artifact-commit artifact-of-other-commit'],
    ],
    [
      'whose tag moved',
      { pointed: other },
      [],
      ['artifact-digest artifact-tag-moved', 'artifact-commit pass'],
    ],
    ['that nobody could read, and nobody requires', { digest: null, state: 'unread', commit: null }, [], []],
    [
      'that nobody could read, and that is required',
      { digest: null, state: 'unread', commit: null },
      ['digest', 'revision'],
      ['artifact-digest artifact-unread', 'artifact-commit artifact-commit-unknown'],
    ],
    [
      'that was asked for and is not there',
      { digest: null, wanted: digest, state: 'gone', commit: null },
      [],
      ['artifact-digest artifact-missing'],
    ],
    [
      'without what is required',
      { commit: null },
      ['signature', 'sbom', 'candidate'],
      [
        'artifact-digest pass',
        'artifact-signature signature-missing',
        'artifact-sbom sbom-missing',
        'artifact-candidate no-candidate',
      ],
    ],
    [
      'whose signature nobody verified',
      { commit: null, signature: { state: 'present', how: '' } },
      ['signature'],
      ['artifact-digest pass', 'artifact-signature signature-unverified'],
    ],
    [
      'whose signature was refused, and nobody requires',
      { commit: null, signature: { state: 'refused', how: '' } },
      [],
      ['artifact-digest pass', 'artifact-signature signature-refused'],
    ],
  ])('%s', (_, item, require, expected) => expect(judge(planned(item), require)).toEqual(expected))

  test('what is excepted for the version is excepted, and what passes still passes', () => {
    const exception = { by: 'lee', reason: 'rebuilt after the signing key was renewed' }
    const found = judgeArtifacts(planned({ pointed: other }, { exception }), { version: '1.4.0', sha }, [])
    expect(found.map(({ state }) => state)).toEqual(['excepted', 'pass'])
    expect(found[0]?.remedy).toBe('lee: rebuilt after the signing key was renewed')
  })

  test('what its source says now counts more than the plan; what cannot be asked again does not pass silently', () => {
    const now = (state: 'gone' | 'unread') => ({
      items: [{ reference: 'r/shop', state, pointed: null, why: 'no' }],
      previous: [],
    })
    expect(judge(refresh(planned(), now('gone')))[0]).toBe('artifact-digest artifact-missing')
    const [unread] = judgeArtifacts(refresh(planned(), now('unread')), { version: '1.4.0', sha }, [])
    expect([unread?.state, unread?.reason]).toEqual(['excepted', 'artifact-unread'])
    expect(judge(refresh(planned(), now('unread')), ['digest'])[0]).toBe('artifact-digest artifact-unread')
  })
})

describe('P23: the candidate', () => {
  test.each<[string, Partial<typeof candidate>, Partial<ArtifactFacts>, string]>([
    ['is what ships', {}, {}, 'pass'],
    ['is not what ships', {}, { digest: other, pointed: other }, 'artifact-not-of-candidate'],
    ['was rolled back', { blocked: true }, {}, 'candidate-rolled-back'],
    ['is of another commit', { sha: 'd'.repeat(40) }, {}, 'changed-since-candidate'],
    [
      'has a tag that moved',
      { artifacts: [{ reference: 'r/shop', digest, pointed: other }] },
      {},
      'artifact-tag-moved',
    ],
    [
      'has lost its tag, not its artifact',
      { artifacts: [{ reference: 'r/shop', digest, pointed: null }] },
      {},
      'pass',
    ],
    ['shipped nobody knows what', { artifacts: [] }, {}, 'candidate-unknown'],
  ])('%s', (_, more, item, expected) =>
    expect(judge(planned(item, { candidate: { ...candidate, ...more } })).at(-1)).toBe(
      `artifact-candidate ${expected}`,
    ),
  )
  test('is asked of no candidate', () =>
    expect(judge(planned(), ['candidate'], '1.4.0-rc.1')).not.toContain('artifact-candidate'))
})

test('P15: a tag of the previous version that is not there says nothing where versions have no tags', () => {
  const back = fact({ state: 'gone', version: '1.3.0', digest: null, pointer: null })
  expect(judge(planned({}, { previous: [back] })).at(-1)).toBe('rollback-artifact rollback-artifact-gone')
  const untagged = judgeArtifacts(
    planned({ pointer: null, pointed: null }, { previous: [back] }),
    { version: '1.4.0', sha },
    [],
  )
  expect(untagged.at(-1)).toMatchObject({ state: 'excepted', reason: 'rollback-artifact-unread' })
})

test('P15, P25: what a rollback returns to must be there; older versions where the policy says so', () => {
  const gone = { version: '1.2.0', reference: 'r/shop', digest, state: 'gone' as const, why: 'no' }
  const back = planned({}, { previous: [fact({ state: 'gone', version: '1.3.0' })], retained: [gone] })
  expect(judge(back).slice(2)).toEqual([
    'rollback-artifact rollback-artifact-gone',
    'artifact-retention retention-broken',
  ])
  const states = (require: ArtifactsPolicy['require']) =>
    judgeArtifacts(back, { version: '1.4.0', sha }, require).map(({ state }) => state)
  expect([states([]).at(-1), states(['retention']).at(-1)]).toEqual(['excepted', 'fail'])
})
