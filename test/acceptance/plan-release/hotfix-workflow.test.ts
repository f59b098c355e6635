import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { fold } from '@relman/core/record/fold'
import { stringify } from 'yaml'
import { type DemoService, openService } from '../canary-step/service.ts'
import { type Hosted, openHosted } from './hub.ts'
import { callerOf, openPlayer, type Player } from './play.ts'

let hosted: Hosted
let player: Player
let service: DemoService
afterEach(async () => {
  await player.close()
  await service.close()
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
})

const deploy = `name: deploy
description: Notes what it was asked to do
inputs: { operation: { required: true }, version: { required: true }, environment: { required: true } }
runs:
  using: composite
  steps:
    - shell: bash
      env: { TOLD: "\${{ inputs.operation }} \${{ inputs.version }} \${{ inputs.environment }}", FAIL: SMOKE }
      run: echo "$TOLD" >> "$LOG_OF_THE_TEST"; [ "$FAIL" != "\${TOLD%% *}" ]
`

/** A repository with release 1.0.0, a feature on main since, and the branch of a fix; what people copy from the page. */
const open = async (smoke = 'no', mode = 'enforce'): Promise<string> => {
  service = await openService({ canary: '1.0.1', stable: '1.0.0' })
  const policy = stringify({
    mode,
    signoff: { low: [], medium: [], high: [] },
    rollout: {
      steps: [{ weight: 50, margin: '3 %', min: 1, max: 12 }],
      ...{ look: 0.5, drain: 0.5, warmup: 0, history: 60 },
    },
    traffic: { driver: 'http', url: `${service.url}/weight`, timeout: 2 },
    metrics: {
      prometheus: { url: service.url, timeout: 5 },
      allow: [new URL(service.url).host],
      checks: [{ kind: 'ratio', name: 'errors', total: 'requests_total', events: 'errors_total' }],
    },
  })
  const byHand = callerOf('workflows/hotfix.md').replace(
    '    with:\n',
    '    with:\n      smoke-environment: staging\n',
  )
  hosted = await openHosted((clone) => {
    const log = join(clone.folder, '..', 'deployments')
    clone.commit('feat: begin', {
      '.github/relman.yml': policy,
      '.github/workflows/by-hand.yml': byHand,
      '.github/workflows/by-label.yml': callerOf('docs/triggers.md', 3),
      '.github/actions/relman-deploy/action.yml': deploy
        .replace('$LOG_OF_THE_TEST', log)
        .replace('SMOKE', smoke),
    })
    clone.tag('v1.0.0')
    clone.git('switch', '-q', '-c', 'hotfix/12')
    clone.commit('fix: do not charge twice')
    clone.git('switch', '-q', 'main')
    clone.commit('feat: more')
  })
  const { hub, clone } = hosted
  for (const name of ['production', 'staging'])
    hub.putEnvironment({
      ...{ name, reviewers: [], waitTimerMinutes: 0, secrets: {}, variables: {} },
      ...{ canAdminsBypass: true, preventSelfReview: false },
    })
  hub.putCheckRun(clone.git('rev-parse', 'hotfix/12'), { name: 'test', conclusion: 'success' })
  player = openPlayer(hosted)
  return join(clone.folder, '..', 'deployments')
}

const byHand = (inputs: Record<string, string>) =>
  player.run({
    workflow: '.github/workflows/by-hand.yml',
    event: 'workflow_dispatch',
    actor: 'ada',
    inputs: { ref: 'hotfix/12', affected: '', workaround: 'false', ...inputs },
  })
const label = (name: string) =>
  player.run({
    workflow: '.github/workflows/by-label.yml',
    event: 'issues',
    actor: 'grace',
    payload: { action: 'labeled', label: { name }, issue: { number: 12 } },
  })
const stateOf = async () => fold(await hosted.store.events('checkout', '1.0.1')).state

test('P12: the workflow hotfix keeps smoke test, canary and record on its way; what can wait ends at once', async () => {
  const log = await open()
  const waits = await byHand({ severity: 'medium' })
  expect([waits.result.errors, waits.result.conclusion]).toEqual([[], 'success'])
  expect(waits.summary).toMatch(/# The fix waits\n\n.*nothing is scheduled/)
  expect(await stateOf()).toBeNull()
  const { result } = await byHand({ severity: 'critical', affected: '40' })
  expect([result.errors, result.conclusion]).toEqual([[], 'success'])
  expect(await stateOf()).toBe('completed')
  expect(service.moves.map(({ weight }) => weight)).toEqual([50, 100])
  expect(readFileSync(log, 'utf8')).toBe(
    'smoke 1.0.1 staging\ndeploy 1.0.1 production\npromote 1.0.1 production\n',
  )
  expect(hosted.hub.releases().map(({ tag }) => tag)).toEqual(['v1.0.1'])
}, 180_000)

test('P12: nobody is exposed where the smoke test failed', async () => {
  const log = await open('smoke')
  const { result } = await byHand({ severity: 'critical' })
  expect([result.errors, result.conclusion]).toEqual([[], 'failure'])
  expect([service.moves, await stateOf(), readFileSync(log, 'utf8')]).toEqual([
    [],
    'planning',
    'smoke 1.0.1 staging\n',
  ])
}, 180_000)

test('L5: the emergency label on an issue starts the hotfix of its branch; another label starts nothing', async () => {
  await open('no', 'advise')
  const other = await label('bug')
  expect(other.result.jobs.map(({ result }) => result)).toEqual(['skipped'])
  const { result, summary } = await label('hotfix-now')
  expect([result.errors, result.conclusion]).toEqual([[], 'success'])
  expect(summary).toMatch(/\| \*\*Why now\*\* \| critical, an unknown share of users/)
  const [planned] = await hosted.store.events('checkout', '1.0.1')
  expect(planned?.data).toMatchObject({ type: 'hotfix', sha: hosted.clone.git('rev-parse', 'hotfix/12') })
}, 180_000)
