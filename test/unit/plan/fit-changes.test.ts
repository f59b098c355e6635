import { expect, test } from '@jest/globals'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { canonicalJson } from '@relman/core/record/canonical-json'
import { change, facts } from './facts.ts'

const size = (value: Parameters<typeof canonicalJson>[0]) => Buffer.byteLength(canonicalJson(value))

/** As long as a change can be, in letters of three bytes. */
const long = (index: number) =>
  change({
    subject: '語'.repeat(500),
    title: `${index} ${'語'.repeat(490)}`,
    breakingNote: '語'.repeat(2_000),
    author: `person-${index % 50}`,
    people: [`person-${index % 50}`, `other-${index}`],
    level: index === 4_000 ? 'high' : 'low',
  })

const drawn = (count: number, migrations: string[] = []) => {
  const changes = Array.from({ length: count }, (_, index) => long(index))
  const why = changes.map(({ sha, subject }, index) => ({
    sha,
    subject,
    rule: 'type fix',
    level: 'patch' as const,
    decides: index === 4_500,
  }))
  return { plan: drawPlan(facts({ changes, why, migrations })), changes }
}

test('a plan of 5,000 long changes stays below 1 MB, counts them all and says what it leaves out', () => {
  const { plan, changes } = drawn(5_000)
  expect(size(plan)).toBeLessThan(1_000_000)
  expect(plan.changes.length + plan.unlisted.changes).toBe(5_000)
  expect(plan.changes.length).toBeGreaterThan(50)
  expect(plan.gaps).toContainEqual(expect.stringMatching(/^only \d+ of 5000 changes are listed/))
  // The deciding one and the one of high risk, though both are old; then the newest, in order.
  const shas = plan.changes.map(({ sha }) => sha)
  expect(shas).toEqual(expect.arrayContaining([changes[4_000]?.sha, changes[4_500]?.sha]))
  expect(shas.slice(0, 20)).toEqual(changes.slice(0, 20).map(({ sha }) => sha))
  expect(plan.why.map(({ sha }) => sha)).toEqual(shas)
  expect(plan.risk.level).toBe('high')
})

test('G5: everybody behind a change that is not listed is known', () => {
  const { plan } = drawn(5_000)
  expect(plan.unlisted.people).toHaveLength(5_050)
  expect(plan.unlisted.people).toContain('other-4999')
})

test('a usual plan lists everything', () => {
  const changes = Array.from({ length: 600 }, () => change())
  const plan = drawPlan(facts({ changes }))
  expect([plan.changes.length, plan.unlisted, plan.gaps.filter((gap) => gap.startsWith('only'))]).toEqual([
    600,
    { changes: 0, people: [] },
    [],
  ])
})

test('20,000 migrations with long names fit, too', () => {
  const migrations = Array.from({ length: 20_000 }, (_, index) => `db/migrate/${index}${'x'.repeat(200)}.sql`)
  const { plan } = drawn(10, migrations)
  expect(size(plan)).toBeLessThan(1_000_000)
  expect(plan.changes).toHaveLength(10)
  expect(plan.gaps).toContainEqual(expect.stringMatching(/^only \d+ of 20000 migration files are listed$/))
})
