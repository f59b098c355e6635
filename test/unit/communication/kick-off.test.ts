import { expect, test } from '@jest/globals'
import { kickOff, showKickOff } from '@relman/core/communication/kick-off'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { facts } from '../plan/facts.ts'

const plan = (stakeholders: unknown[], more = {}) =>
  drawPlan({ ...facts(more, { communication: { stakeholders } }), revision: 1 })

test('L4: whoever hears of the plan comes first, each once, with what they hear later', () => {
  const told = kickOff(
    plan([
      { who: 'press', channel: 'mail', hears: ['completed'] },
      { who: 'kim', channel: 'mail', hears: ['planned', 'start'] },
    ]),
  )
  expect(told.find(({ who }) => who === 'kim')).toMatchObject({
    now: expect.stringMatching(/is planned/),
    later: ['start'],
  })
  expect(told.at(-1)?.now).toBeNull()
  expect(new Set(told.map(({ who, channel }) => `${who} ${channel}`)).size).toBe(told.length)
})

test('L4: only names of GitHub are called, only those who hear of it now, and at most fifty', () => {
  const names = ['@ada', '@acme/web-team', '@a b', '@-x', '@ada\n@bob', 'mail@acme.test', '@late']
  const stakeholders = names.map((who) => ({
    who,
    channel: 'x',
    hears: [who === '@late' ? 'completed' : 'planned'],
  }))
  const lines = showKickOff(plan(stakeholders), 'd'.repeat(64), true).split('\n')
  expect(lines.filter((line) => line.startsWith('@'))).toEqual(['@acme/web-team @ada'])
  expect(showKickOff(plan(stakeholders), 'd'.repeat(64))).not.toMatch(/@[a-z]/)
  const many = Array.from({ length: 90 }, (_, index) => ({ who: `@p${index}`, channel: 'x' }))
  expect(showKickOff(plan(many), 'd', true).match(/@p\d/g)).toHaveLength(50)
})
