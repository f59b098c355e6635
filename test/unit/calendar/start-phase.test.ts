import { expect, test } from '@jest/globals'
import { sha256 } from '@relman/core/adapters/hash/sha256'
import { dueOf } from '@relman/core/calendar/due'
import { claimed } from '@relman/core/calendar/start'
import { startPhase } from '../../../actions/plan-release/start-phase.ts'
import { type Draft, dated } from './dated.ts'

type Wanted = Parameters<typeof startPhase>[0]

const claimedAt = Date.parse('2026-12-15T08:00:00Z')
const due = dueOf(dated(), '2026-12-15T08:01:00Z')
if (!due) throw new Error('nothing is due')

/** A pass so many minutes after the claims; gives what became of it, and which workflows were looked for and started. */
const pass = async (
  claims: readonly Draft[],
  minutes: number,
  more: Partial<Wanted> = {},
  file: () => Promise<string | null> = async () => null,
) => {
  const said: string[] = []
  const one = dated({ at: new Date(claimedAt).toISOString() }, claims)
  const own = {
    find: async (file: string) => {
      said.push(`find ${file}`)
      return file === 'old.yml' ? { id: 7, url: 'u' } : null
    },
    run: async () => ({ id: 7, over: false, conclusion: null, url: 'u' }),
    file,
    start: async (file: string) => {
      said.push(`start ${file}`)
      return null
    },
  }
  const store = {
    append: async () => {
      said.push('write')
      return { events: one.events }
    },
  }
  const clock = { now: () => claimedAt + minutes * 60_000 }
  const { standing } = await startPhase({
    ...{ dated: one, due, component: '', workflow: 'new.yml', room: true, still: async () => null },
    context: {} as Wanted['context'],
    ports: { own, store, clock, sha256, dryRun: false } as unknown as Wanted['ports'],
    ...more,
  })
  return [standing.standing, ...said]
}

test('L5: a run is found under the workflow that it was claimed for, whatever the configuration names now', async () => {
  expect(await pass([claimed(due, 1, 'old.yml')], 90)).toEqual(['under-way', 'find old.yml', 'write'])
  const both = [claimed(due, 1, 'older.yml'), claimed(due, 2, 'old.yml')]
  expect(await pass(both, 90)).toEqual(['under-way', 'find older.yml', 'find old.yml', 'write'])
})

test('L5: what speaks against a start right before its claim leaves it unclaimed', async () => {
  const file = async () =>
    'run-name: r $' +
    '{{ inputs.calendar }}\non:\n  workflow_dispatch:\n    inputs: { calendar: {}, ref: {}, version: {}, type: {} }\njobs: {}\n'
  expect(await pass([], 1, { still: async () => 'held by people' }, file)).toEqual(['held'])
  expect(await pass([], 1, {}, file)).toEqual(['started', 'write', 'start new.yml'])
})
