import { afterEach, expect, test } from '@jest/globals'
import { main, outputsOf, results, type World, world } from './world.ts'

let w: World
afterEach(() => w?.end())

test('a run without anything special succeeds, hands outputs on, and ends with its record in the hub', async () => {
  w = world(
    main(`
  one:
    runs-on: ubuntu-latest
    outputs:
      answer: \${{ steps.a.outputs.answer }}
    steps:
      - id: a
        run: echo "answer=42" >> "$GITHUB_OUTPUT"
  two:
    needs: one
    runs-on: ubuntu-latest
    steps:
      - run: echo "got $ANSWER"
        env:
          ANSWER: \${{ needs.one.outputs.answer }}
`),
  )
  const result = await w.run()
  expect(result.conclusion).toBe('success')
  expect(outputsOf(result, 'one')).toEqual({ answer: '42' })
  expect(w.logs('two')).toContain('got 42')
  const run = w.hub.run(result.runId)
  expect([run?.status, run?.conclusion]).toEqual(['completed', 'success'])
  expect(
    w.hub.jobs(result.runId).map((job) => [job.name, job.status, job.steps.map((s) => s.conclusion)]),
  ).toEqual([
    ['one', 'completed', ['success', 'success']],
    ['two', 'completed', ['success', 'success']],
  ])
})
