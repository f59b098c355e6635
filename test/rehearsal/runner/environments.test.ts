import { afterEach, expect, test } from '@jest/globals'
import { main, results, type World, world } from './world.ts'

let w: World
afterEach(() => w?.end())

const signoff = (id: string, more = '') =>
  `  ${id}:\n    runs-on: x\n    environment: { name: signoff, deployment: false }\n${more}    steps: [{ run: 'true' }]\n`
const waits = (count: number) => async () => {
  await w.until(
    (event) =>
      event.type === 'job-waiting' && w.events.filter((e) => e.type === 'job-waiting').length >= count,
  )
}

test('one approval satisfies the jobs that wait at that moment; every later job asks again', async () => {
  w = world(main(`${signoff('a')}${signoff('b')}${signoff('later', '    needs: a\n')}`))
  w.environment('signoff', { reviewers: ['rita'] })
  const started = w.start()
  await waits(2)()
  expect(w.hub.run(started.id)?.status).toBe('waiting')
  expect(w.hub.jobs(started.id).map((job) => job.status)).toEqual(['waiting', 'waiting'])
  expect(w.hub.pending(started.id)).toEqual([
    { environment: 'signoff', jobIds: [expect.any(Number), expect.any(Number)] },
  ])
  w.hub.approve(started.id, 'signoff')
  await waits(3)()
  await w.until((event) => event.type === 'job-finished' && event.name === 'b')
  expect(w.hub.pending(started.id)).toHaveLength(1)
  w.hub.approve(started.id, 'signoff')
  expect(results(await started)).toEqual({ a: 'success', b: 'success', later: 'success' })
  expect(w.hub.pending(started.id)).toEqual([])
})

test('a rejection fails the job and no step of it runs', async () => {
  w = world(main(`${signoff('a')}  next:\n    needs: a\n    runs-on: x\n    steps: [{ run: 'true' }]`))
  w.environment('signoff', { reviewers: ['rita'] })
  const started = w.start()
  await waits(1)()
  w.hub.approve(started.id, 'signoff', 'rita', 'rejected')
  const result = await started
  expect(results(result)).toEqual({ a: 'failure', next: 'skipped' })
  expect(result.annotations.map((a) => a.message)).toContain('The deployment was rejected by rita.')
  expect(w.hub.grants).toEqual([])
})

test('who started the run cannot approve it where self-review is prevented', async () => {
  w = world(main(signoff('a')))
  w.environment('signoff', { reviewers: ['ann', 'rita'], preventSelfReview: true })
  const started = w.start({ actor: 'ann' })
  await waits(1)()
  w.hub.approve(started.id, 'signoff', 'ann')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(w.hub.pending(started.id)).toHaveLength(1)
  w.hub.approve(started.id, 'signoff', 'rita')
  expect(results(await started)).toEqual({ a: 'success' })
})

test('an approval of another environment or run decides nothing', async () => {
  w = world(main(signoff('a')))
  w.environment('signoff', { reviewers: ['rita'] })
  const started = w.start()
  await waits(1)()
  w.hub.approve(started.id, 'production')
  w.hub.approve(started.id + 1, 'signoff')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(w.hub.pending(started.id)).toHaveLength(1)
  w.runner.cancel(started.id)
  expect(results(await started)).toEqual({ a: 'cancelled' })
  expect(w.hub.pending(started.id)).toEqual([])
})

test('a skipped job asks nobody; an unknown environment is created without protection', async () => {
  w = world(main(`${signoff('a', '    if: false\n')}${signoff('b').replace('signoff', 'brand-new')}`))
  w.environment('signoff', { reviewers: ['rita'] })
  expect(results(await w.run())).toEqual({ a: 'skipped', b: 'success' })
  expect(w.events.filter((event) => event.type === 'job-waiting')).toEqual([])
  expect(w.hub.environment('brand-new')).toMatchObject({ reviewers: [], waitTimerMinutes: 0 })
})

test('a wait timer delays the job; an approval does not shorten it', async () => {
  w = world(main(signoff('a')), {}, { delays: { waitMinuteMs: 200 } })
  w.environment('signoff', { reviewers: ['rita'], waitTimerMinutes: 2 })
  const at = Date.now()
  const started = w.start()
  await waits(1)()
  w.hub.approve(started.id, 'signoff')
  expect(results(await started)).toEqual({ a: 'success' })
  const begun = w.events.find((event) => event.type === 'job-started')?.at ?? 0
  expect(begun - at).toBeGreaterThanOrEqual(390)
})

test('an approval that never comes fails the job after 30 days', async () => {
  w = world(main(signoff('a')), {}, { delays: { approvalMs: 100 } })
  w.environment('signoff', { reviewers: ['rita'] })
  const result = await w.run()
  expect(results(result)).toEqual({ a: 'failure' })
  expect(result.annotations[0]?.message).toContain('not approved within 30 days')
})

test('a job that waits for approval holds its concurrency group', async () => {
  w = world(
    main(
      `${signoff('a', '    concurrency: { group: deploy, queue: max }\n')}  b:\n    runs-on: x\n    concurrency: { group: Deploy, queue: max }\n    steps: [{ run: 'true' }]`,
    ),
  )
  w.environment('signoff', { reviewers: ['rita'] })
  const started = w.start()
  await waits(2)()
  expect(w.events.filter((event) => event.type === 'job-started')).toEqual([])
  w.hub.approve(started.id, 'signoff')
  expect(Object.keys(results(await started))).toEqual(['a', 'b'])
})
