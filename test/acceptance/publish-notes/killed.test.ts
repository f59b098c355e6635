import type { ChildProcess } from 'node:child_process'
import { afterEach, expect, test } from '@jest/globals'
import { openRelease, type Release } from './released.ts'

let release: Release
afterEach(async () => {
  expect(release.hub.violations).toEqual([])
  await release.close()
})

const write = /^\S+ (POST|PATCH|PUT|DELETE) (?!\/graphql query)/

/** Runs the action again and again, and kills it as soon as it has written once, until it has nothing left to write. */
const crash = async (inputs: () => Record<string, string>, heard: { line: (line: string) => void }) => {
  for (let deaths = 0; deaths < 30; deaths += 1) {
    let child: ChildProcess | undefined
    let killed = false
    heard.line = (line) => {
      if (killed || !write.test(line)) return
      killed = true
      child?.kill('SIGKILL')
    }
    const ended = await release.run('publish-notes', inputs(), (started) => {
      child = started
    })
    heard.line = () => {}
    if (!killed) return { deaths, ended }
  }
  throw new Error('it never came to an end')
}

test('faults 47: killed after each single write, recording and announcing happen exactly once', async () => {
  const heard = { line: (_: string) => {} }
  release = await openRelease({ github: { log: (line) => heard.line(line) } })
  const lines = [
    ...['moved 0 10 1', 'confirmed 0 10 2', 'healthy 0 10 5 proven', 'moved 1 50 6', 'confirmed 1 50 7'],
    ...['healthy 1 50 10 proven', 'moved 2 100 11', 'confirmed 2 100 12', 'done 2 100 14'],
  ]
  await release.report(...lines)
  const evidence = release.evidence(
    [0, 10, 'healthy', 'proven'],
    [1, 50, 'healthy', 'proven'],
    [2, 100, null, null],
  )
  const results = { 'walk-result': 'success', 'undo-result': 'skipped' }
  const recorded = await crash(() => ({ operation: 'record', evidence, ...results }), heard)
  expect(recorded.deaths).toBeGreaterThanOrEqual(2)
  expect([recorded.ended.status, recorded.ended.outputs['state']]).toEqual([0, 'deployed'])
  const announced = await crash(() => ({ operation: 'notes' }), heard)
  expect(announced.deaths).toBeGreaterThanOrEqual(3)
  expect([announced.ended.status, announced.ended.outputs['state']]).toEqual([0, 'completed'])

  const steps = ['stepped', 'verdict', 'stepped', 'verdict', 'stepped', 'verdict']
  expect(await release.kinds()).toEqual([
    ...['planned', 'approved', 'started'],
    ...steps,
    ...['deployed', 'published', 'completed'],
  ])
  const events = await release.store.events('shop', release.version)
  expect(new Set(events.map(({ key }) => key)).size).toBe(events.length)
  expect(release.hub.releases().map(({ tag }) => tag)).toEqual(['v1.2.0'])
  const tickets = (await release.hub.issues.all()).filter((issue) => !issue.pull)
  expect(tickets.map(({ title, state }) => [title, state])).toEqual([['Release shop 1.2.0', 'closed']])
  const settled = release.hub.reported().filter(({ description }) => /^recorded: /.test(description))
  expect(settled).toHaveLength(1)
  const service = await release.store.service('shop')
  expect([service.live?.version, service.lease, service.fence]).toEqual(['1.2.0', null, 1])
}, 120_000)
