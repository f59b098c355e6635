import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'
import { criteriaOf } from '@relman/core/rollout/criteria'
import { ladder } from '@relman/core/rollout/ladder'
import { openJudge } from '@relman/core/verdict/judge'

const examples = ['criteria', 'probes'].flatMap((name) => {
  const page = readFileSync(new URL(`../../../docs/${name}.md`, import.meta.url), 'utf8')
  return [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => yaml ?? '')
})

test.each(examples)(
  'V5: a documented configuration is read, and the judge takes its criteria as written',
  (yaml) => {
    const { metrics, rollout } = readConfig(yaml, 'criteria.md')
    const found = criteriaOf(metrics, ladder(rollout))
    expect(() => openJudge({ criteria: found })).not.toThrow()
    const written = found.map((criterion) => criterion.written)
    for (const text of metrics?.criteria ?? [])
      expect(written.some((one) => one?.startsWith(text))).toBe(true)
  },
)

test('the examples are there', () => {
  expect(examples).toHaveLength(4)
})
