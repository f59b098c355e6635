import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { openAdapters } from '../../contract/github/open-adapters.ts'
import { openStage, provable, type Stage } from './stage.ts'

jest.setTimeout(120_000)
let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  await stage.close()
  expect(stage.hub.violations).toEqual([])
})

const people = { engineering: 'grace', operations: 'linus' }
const [digest, other] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`)
const artifact = { name: 'registry.example/shop', digest: digest ?? null }
const policy = { ...provable, promotion: { environments: ['staging', 'acceptance', 'production'] } }

const deployed = async (environment: string, payload: object, state = 'success'): Promise<void> => {
  const { github } = openAdapters(stage.world, { deployments: 'write' }, { runId: stage.runId })
  const about = { sha: stage.sha, environment, marker: `${environment}${Math.random()}`, description: 'shop' }
  const id = await github.deployments.ensure({ ...about, payload: { ...payload } })
  await github.deployments.report(id, state as 'success', 'done')
}

const promotedCriteria = (result: { data: { criteria: { id: string; state: string; reason: string }[] } }) =>
  result.data.criteria
    .filter(({ id }) => id.startsWith('promoted:'))
    .map(({ id, state, reason }) => `${id.slice(9)} ${reason || state}`)

test('P24: production waits until the same digest succeeded in each environment before it', async () => {
  const plan = await stage.plan({ artifact, policy: policy as never })
  await deployed('staging', { 'artifact-digest': other })
  await deployed('acceptance', {}, 'failure')
  const early = await stage.approve(plan, people)
  expect([early.status, promotedCriteria(early.result as never)]).toEqual([
    1,
    ['staging promotion-digest-differs', 'acceptance promotion-failed'],
  ])
  await deployed('staging', { image: `registry.example/shop@${digest}` })
  // The caller's own job tells the commit alone.
  await deployed('acceptance', {})
  const again = await stage.plan({ artifact, policy: policy as never, revision: 2 })
  const late = await stage.approve(again, people, 2)
  expect(promotedCriteria(late.result as never)).toEqual(['staging pass', 'acceptance pass'])
})

test('P24: an environment that was skipped is no-go', async () => {
  const plan = await stage.plan({ artifact, policy: policy as never })
  await deployed('staging', { 'artifact-digest': digest })
  const { outputs, result } = await stage.approve(plan, people)
  expect([outputs['reason-code'], promotedCriteria(result as never)]).toEqual([
    'environment-skipped',
    ['staging pass', 'acceptance environment-skipped'],
  ])
})
