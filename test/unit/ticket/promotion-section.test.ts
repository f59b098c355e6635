import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import type { Plan } from '@relman/core/plan/plan'
import type { RecordEvent } from '@relman/core/record/event'
import { promotionSection } from '@relman/core/ticket/promotion-section'

const plan = {
  environment: 'production',
  sha: 'c'.repeat(40),
  artifact: null,
  policy: config.parse({ promotion: { environments: ['alpha', 'beta', 'production'] } }),
} as Plan
const event = (kind: string, data: object) =>
  ({ kind, at: '2026-11-20T10:00:00.000Z', actor: 'ada', data }) as unknown as RecordEvent
const rows = (...events: RecordEvent[]) =>
  promotionSection({ plan, digest: 'd', events, runUrl: '' }).split('\n').slice(4)

test('P24: the ticket shows the last promotion to each environment, and text of a deployment does nothing in it', () => {
  const error = 'failed | @team <img src=x> [link](https://evil.example) `code`'
  const [alpha, beta, production] = rows(
    event('promoting', { environment: 'alpha' }),
    event('promotion-failed', { environment: 'alpha', error: 'an older one' }),
    event('promoted', {
      environment: 'alpha',
      confirmed: 'well',
      'artifact-digest': `sha256:${'a'.repeat(64)}`,
    }),
    event('promotion-failed', { environment: 'beta', error }),
  )
  expect(alpha).toBe('| alpha | ✅ promoted | 2026-11-20 10:00 | `sha256:aaaaaaaaaaaa` | well (ada) |')
  expect(beta).toMatch(
    /^\| beta \| ❌ failed \| 2026-11-20 10:00 \| `cccccccccccc` \| failed \\\| @\u2060team \\<img/,
  )
  expect(beta?.match(/(?<!\\)\|/g)).toHaveLength(6)
  expect(production).toBe('| production | by the release | | | |')
})

test('P24: what began and has not ended is under way', () => {
  expect(rows(event('promoting', { environment: 'beta' }))[1]).toMatch(/^\| beta \| ⏳ under way \|/)
  expect(rows()[0]).toBe('| alpha | – | | | |')
})
