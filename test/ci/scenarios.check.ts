import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { freshClone, workbench } from './product.ts'
import { jobsNamed, nodes, type Rehearsal, recordOf, rehearse } from './rehearse.ts'

jest.setTimeout(200_000)

const { folder, close } = workbench()
let product = ''
let count = 0
beforeAll(() => {
  product = freshClone(folder)
})
afterAll(close)

const quick = ['healthy', 'errors', 'rejected']
const wanted = process.env['RELMAN_SCENARIOS'] ?? 'all'
const chosen = (scenario: string): boolean =>
  wanted === 'all' || (wanted === 'quick' ? quick : wanted.split(',')).includes(scenario)

/** A test of one scenario; those that were not chosen are left out, and counted as such. */
const scenario = (name: string, title: string, prove: (played: Rehearsal) => void, node?: string): void => {
  const run = chosen(name) ? test : test.skip
  run(`W4, ${name}: ${title}`, async () => {
    count += 1
    prove(await rehearse(product, join(folder, `out-${count}`), ['--scenario', name], node))
  })
}

const ended = ({ document, status }: Rehearsal) => ({ outcome: document.outcome, status })
const kinds = (played: Rehearsal): string[] => recordOf(played).map(({ kind }) => kind)

const isReleased = (played: Rehearsal): void => {
  const { document } = played
  expect(ended(played)).toEqual({ outcome: 'released', status: 0 })
  expect(document.traffic).toEqual({ stable: 0, canary: 1 })
  expect(document.recoverySeconds).toBeNull()
  expect(document.version).not.toBe(document.previous)
  expect(document.digest).toMatch(/^[0-9a-f]{64}$/)
  const weights = document.steps.map(({ weight }) => weight)
  expect(weights[0]).toBeLessThanOrEqual(10)
  expect(weights).toEqual([...new Set(weights)].sort((a, b) => a - b))
  expect(weights.at(-1)).toBe(100)
  expect(document.steps.filter(({ verdict }) => verdict !== 'healthy')).toEqual([])
  for (const { weight, observed } of document.steps.filter(({ observed }) => observed !== null)) {
    expect(Math.abs((observed ?? 0) - weight / 100)).toBeLessThan(0.03)
  }
  expect(kinds(played)).toEqual(
    expect.arrayContaining(['planned', 'started', 'stepped', 'deployed', 'completed']),
  )
}

const isBack = (played: Rehearsal): void => {
  const { document } = played
  expect(ended(played)).toEqual({ outcome: 'rolled-back', status: 3 })
  expect(document.traffic).toEqual({ stable: 1, canary: 0 })
  expect(document.recoverySeconds).toBeLessThanOrEqual(5)
  expect(document.steps.length).toBeGreaterThan(0)
  expect(document.steps.map(({ weight }) => weight)).not.toContain(100)
  expect(kinds(played)).toEqual(expect.arrayContaining(['started', 'rolled-back']))
  expect(kinds(played)).not.toEqual(expect.arrayContaining(['completed']))
}

const isCaught = (played: Rehearsal): void => {
  isBack(played)
  expect(played.document.detectedSeconds).toBeGreaterThan(0)
  expect(played.document.steps.at(-1)?.verdict).toBe('unhealthy')
}

/** Nobody was ever exposed: no step, no event of a rollout, not one request to the new version. */
const isRefused = (played: Rehearsal): void => {
  const { document, out } = played
  expect(ended(played)).toEqual({ outcome: 'refused', status: 4 })
  expect(document.steps).toEqual([])
  expect(document.traffic).toEqual({ stable: 1, canary: 0 })
  expect(kinds(played)).not.toEqual(expect.arrayContaining(['started']))
  // Milliseconds, number, version, status, duration.
  const served = readFileSync(join(out, 'access.log'), 'utf8').trim().split('\n')
  expect(served.length).toBeGreaterThan(100)
  expect([...new Set(served.map((line) => line.split(' ')[2]))]).toEqual([document.previous])
  expect(jobsNamed(document, 'walk the ladder').filter((result) => result === 'success')).toEqual([])
}

describe('a release that is good', () => {
  scenario('healthy', 'released, with everything that it leaves behind', (played) => {
    isReleased(played)
    const files = [
      'plan.json',
      'deployment-plan.md',
      'notes.md',
      'ticket.md',
      'record.jsonl',
      'github.log',
      'access.log',
      'report.html',
    ]
    expect(played.document.files).toEqual(expect.arrayContaining(files))
    for (const file of files) expect(existsSync(join(played.out, file))).toBe(true)
    expect(played.document.files.filter((file) => file.startsWith('summaries/')).length).toBeGreaterThan(4)
    expect(played.document.requests.total).toBeGreaterThan(1000)
  })
  scenario('github-flaky', 'released, everything exactly once', (played) => {
    isReleased(played)
    const all = recordOf(played)
    expect(new Set(all.map(({ release, key }) => `${release} ${key}`)).size).toBe(all.length)
    for (const kind of ['planned', 'started', 'deployed', 'completed']) {
      expect(kinds(played).filter((one) => one === kind)).toEqual([kind])
    }
    const log = readFileSync(join(played.out, 'github.log'), 'utf8')
    for (const fault of [/\b50[0-9]\b/, /\b429\b/]) expect(log).toMatch(fault)
  })
  scenario('twice', 'one is released, the other refused as superseded', (played) => {
    isReleased(played)
    const { releases } = played.document
    expect(releases.map(({ outcome }) => outcome)).toEqual(['released', 'refused'])
    expect(releases[1]?.reasonCode).toBe('superseded')
    expect(kinds(played).filter((kind) => kind === 'started')).toEqual(['started'])
  })
})

describe('a canary that is not', () => {
  scenario('errors', 'B1, B5: rolled back', isCaught)
  scenario('slow-tail', 'rolled back', isCaught)
  scenario('crash', 'rolled back', isBack)
  scenario('dependency', 'rolled back', isCaught)
  scenario('business-decline', 'rolled back', isCaught)
  scenario('late-errors', 'healthy until 25 %, rolled back then', (played) => {
    isCaught(played)
    const before = played.document.steps.filter(({ weight }) => weight < 25)
    expect(before.length).toBeGreaterThan(0)
    expect(before.filter(({ verdict }) => verdict !== 'healthy')).toEqual([])
    expect(played.document.steps.at(-1)?.weight).toBeGreaterThanOrEqual(25)
  })
  scenario('no-data', 'V5: not proven, so never promoted', (played) => {
    isBack(played)
    expect(played.document.reasonCode).toBe('not-proven')
    expect(played.document.steps.map(({ verdict }) => verdict)).not.toContain('healthy')
    expect(new Set(played.document.steps.map(({ weight }) => weight)).size).toBe(1)
  })
})

describe('a release that may not begin', () => {
  scenario('rejected', 'G5: a role says no', isRefused)
  scenario('unprotected', 'G5: a sign-off environment has no reviewers', isRefused)
  scenario('failed-checks', 'G1: a required check is red', isRefused)
})

describe('a run that does not end well', () => {
  scenario('cancelled', 'C4: the operator cancels while it bakes', isBack)
  scenario('runner-lost', "C4: the run's own undo job brings traffic back", (played) => {
    isBack(played)
    expect(jobsNamed(played.document, 'walk the ladder')).toEqual(['failure'])
    expect(jobsNamed(played.document, 'undo')).toEqual(['success'])
    expect(played.document.workflows.map(({ name }) => name)).not.toContain('watchdog.yml')
  })
  scenario('run-lost', 'C4: the watchdog brings traffic back', (played) => {
    isBack(played)
    const watch = played.document.workflows.find(({ name }) => name === 'watchdog.yml')
    expect(watch?.jobs.filter(({ result }) => result !== 'success')).toEqual([])
    expect(jobsNamed(played.document, 'undo')).not.toContain('success')
  })
})

describe('on the Node that runs actions', () => {
  const version = existsSync(nodes.actions) ? nodes.actions : undefined
  test('it is there', () => expect(version).toBeDefined())
  scenario('healthy', 'released on Node 24', isReleased, version)
  scenario('errors', 'rolled back on Node 24', isCaught, version)
})
