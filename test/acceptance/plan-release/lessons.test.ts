import { afterEach, expect, test } from '@jest/globals'
import type { EventKind } from '@relman/core/record/event'
import { type Hosted, openHosted } from './hub.ts'

let hosted: Hosted
afterEach(async () => {
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
})

const draft = (kind: EventKind, digest: string, data = {}) => ({
  ...{ kind, key: kind, actor: 'ada', run: null, digest, token: null, data },
})

test('L6: what a person saw and no check did holds the next release until it is answered, and the files of it count riskier', async () => {
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', {
      '.github/relman.yml': 'service: shop\n',
      'src/cart.ts': '1',
      'src/b.ts': '1',
    })
    clone.tag('v1.0.0')
    clone.commit('fix: cart', { 'src/cart.ts': '2' })
  })
  const first = await hosted.plan()
  expect([first.plan.asked, first.plan.risk.level]).toEqual([[], 'medium'])
  const digest = first.outputs['digest'] ?? ''
  const why = 'carts were empty @acme/all <!-- -->'
  await hosted.store.append('shop', '1.0.1', [
    draft('approved', digest),
    draft('started', digest),
    draft('deployment-failed', digest, { reason: 'manual' }),
    draft('rolled-back', digest, { reason: 'manual', why }),
  ])
  hosted.clone.commit('fix: cart again', { 'src/cart.ts': '3' })
  hosted.clone.commit('fix: b', { 'src/b.ts': '2' })
  hosted.push()
  const held = await hosted.plan({ type: 'minor' })
  expect(held.plan.gaps.join('\n')).not.toMatch(/taken back, could not be read/)
  const level = (subject: string) =>
    held.plan.changes.find((change: { subject: string }) => change.subject === subject)
  expect([level('fix: cart again'), level('fix: cart'), level('fix: b')]).toEqual([
    expect.objectContaining({
      level: 'high',
      levelWhy: 'touches what was changed by 1.0.1, which was rolled back (manual) (src/cart.ts)',
    }),
    expect.objectContaining({ level: 'high', levelWhy: expect.stringMatching(/^shipped in 1\.0\.1/) }),
    expect.objectContaining({ level: 'medium' }),
  ])
  expect(held.plan.risk.level).toBe('high')
  expect(held.summary).toMatch(/- 2 changes count one level riskier: .* rolled back \(manual\) \(1\.0\.1\)/)
  expect(held.plan.asked).toEqual([
    expect.objectContaining({ id: 'lesson-answered:1.0.1', from: '1.0.1', state: 'unanswered' }),
  ])
  expect(held.summary).toMatch(
    /what 1\.0\.1 taught is not answered: .*caution\.answered: \{ release: 1\.0\.1/,
  )
  const ticket = (await hosted.hub.issues.all()).find(({ title }) => title === 'Release shop 1.1.0')
  expect(ticket?.body).toMatch(/- Criterion of a past release: .*carts were empty.*\*\*not answered\*\*/)
  expect(`${ticket?.body}${held.summary}`).not.toMatch(/@acme|(?<!\\)<!-- -->/)
  const gate = async (planned: typeof held) => {
    const { result } = await hosted.gate(planned.outputs['digest'] ?? '')
    const criteria = result.data['criteria'] as { id: string; state: string; reason: string }[]
    const found = criteria.find(({ id }) => id === 'lesson-answered:1.0.1')
    return [result.decision, found?.state, found?.reason]
  }
  expect(await gate(held)).toEqual(['no-go', 'fail', 'lesson-unanswered'])

  const answered =
    'caution:\n  answered:\n    - { release: 1.0.1, declined: the cart is measured by shop-web, by: kim }\n'
  hosted.clone.commit('chore: answer', { '.github/relman.yml': `service: shop\n${answered}` })
  hosted.push()
  const free = await hosted.plan({ type: 'minor' })
  expect(free.plan.asked).toEqual([expect.objectContaining({ state: 'declined' })])
  expect(free.summary).toMatch(/declined by kim: the cart is measured by shop-web/)
  expect((await gate(free)).slice(1)).toEqual(['excepted', ''])
}, 120_000)
