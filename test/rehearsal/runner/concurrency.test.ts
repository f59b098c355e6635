import { afterEach, expect, test } from '@jest/globals'
import { main, results, type World, world } from './world.ts'

let w: World
afterEach(() => w?.end())

const job = (id: string, concurrency: string, run = 'sleep 0.2') =>
  `  ${id}:\n    runs-on: x\n    concurrency: ${concurrency}\n    steps: [{ run: ${run} }]\n`
const order = () =>
  w.events.flatMap((event) =>
    event.type === 'job-started' || event.type === 'job-finished'
      ? [`${event.type.slice(4)} ${event.name}`]
      : [],
  )

test('one job of a group runs, names without regard to case', async () => {
  w = world(main(job('a', 'Deploy') + job('b', '{ group: dePLOY }')))
  expect(results(await w.run())).toEqual({ a: 'success', b: 'success' })
  expect(order()).toEqual(['started a', 'finished a', 'started b', 'finished b'])
})

test('by default one waits and a newer one takes its place', async () => {
  w = world(main(job('a', 'g') + job('b', 'g') + job('c', 'g')))
  const result = await w.run()
  expect(results(result)).toEqual({ a: 'success', b: 'cancelled', c: 'success' })
  expect(result.annotations[0]?.message).toBe(
    "Canceling since a higher priority waiting request for 'g' exists",
  )
})

test('queue: max lets all of them run in order', async () => {
  w = world(
    main(['a', 'b', 'c', 'd'].map((id) => job(id, '{ group: g, queue: max }', 'sleep 0.05')).join('')),
  )
  expect((await w.run()).conclusion).toBe('success')
  expect(order().filter((line) => line.startsWith('started'))).toEqual([
    'started a',
    'started b',
    'started c',
    'started d',
  ])
})

test('cancel-in-progress ends the holder', async () => {
  w = world(
    main(
      `${job('a', 'g', 'sleep 30')}  first:\n    runs-on: x\n    steps: [{ run: sleep 0.2 }]\n${job('b', '{ group: g, cancel-in-progress: true }').replace('runs-on', 'needs: first\n    runs-on')}`,
    ),
  )
  expect(results(await w.run())).toMatchObject({ a: 'cancelled', b: 'success' })
})

test('queue: max with cancel-in-progress from expressions fails the job that says so', async () => {
  w = world(
    main(job('a', `{ group: g, queue: max, cancel-in-progress: '\${{ github.actor == github.actor }}' }`)),
  )
  const result = await w.run()
  expect(results(result)).toEqual({ a: 'failure' })
  expect(result.annotations[0]?.message).toContain('cannot be combined')
})

test('a workflow-level group spans runs: the second waits, a third replaces it', async () => {
  w = world(
    main(
      '  a:\n    runs-on: x\n    steps: [{ run: sleep 0.3 }]',
      'on: workflow_dispatch\nconcurrency: release',
    ),
  )
  const [one, two, three] = [w.start(), w.start(), w.start()]
  expect((await Promise.all([one, two, three])).map((result) => result.conclusion)).toEqual([
    'success',
    'cancelled',
    'success',
  ])
  expect(w.hub.run(two.id)?.conclusion).toBe('cancelled')
})

test('a group on a calling job is held for the whole called workflow', async () => {
  w = world({
    ...main(
      `  call:\n    concurrency: { group: g, queue: max }\n    uses: ./.github/workflows/c.yml\n${job('b', '{ group: g, queue: max }', "'true'")}`,
    ),
    '.github/workflows/c.yml':
      'on: workflow_call\njobs:\n  one: { runs-on: x, steps: [{ run: sleep 0.1 }] }\n  two: { needs: one, runs-on: x, steps: [{ run: sleep 0.1 }] }\n',
  })
  expect((await w.run()).conclusion).toBe('success')
  expect(order().filter((line) => line.startsWith('started'))).toEqual([
    'started call / one',
    'started call / two',
    'started b',
  ])
})

test('a called workflow that claims its caller’s group by github.workflow is cancelled, not stuck', async () => {
  w = world({
    ...main(
      '  call:\n    uses: ./.github/workflows/c.yml',
      `name: R\non: workflow_dispatch\nconcurrency: 'x-\${{ github.workflow }}'`,
    ),
    '.github/workflows/c.yml': `name: C\non: workflow_call\nconcurrency: 'x-\${{ github.workflow }}'\njobs:\n  one: { runs-on: x, steps: [{ run: 'true' }] }\n`,
  })
  const result = await w.run()
  expect(results(result)).toEqual({ call: 'cancelled' })
  expect(result.annotations[0]?.message).toContain('deadlock')
})
