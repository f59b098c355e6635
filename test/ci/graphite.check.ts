import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { openMetrics } from '@relman/core/adapters/metrics/open'
import { recipe } from '../contract/metrics/vendors/recipe.ts'

jest.setTimeout(60_000)

const venv = process.env['RELMAN_GRAPHITE'] ?? ''
const folder = mkdtempSync(join(tmpdir(), 'relman-graphite-'))
/** Whisper keeps the last hour only. */
const begin = Math.floor(Date.now() / 60_000) * 60 - 900
let graphite: ChildProcessWithoutNullStreams
let url = ''

/** A count for each ten seconds of ten minutes. */
const points = (count: (index: number) => number | null) =>
  Array.from({ length: 60 }, (_, index) => [begin + 10 * index, count(index)]).filter(
    ([, one]) => one !== null,
  )
const series: [string, (index: number) => number | null][] = [
  ['requests;pod=a;service=shop;version=1.2.0', () => 5],
  ['requests;pod=c;service=shop;version=1.1.0', () => 30],
  ['requests;pod=d;service=shop;version=1.1.0', (index) => (index < 30 ? 40 : null)],
  ['requests;pod=z;service=other;version=1.1.0', () => 1000],
  ['errors;pod=a;service=shop;version=1.2.0', (index) => (index % 6 === 0 ? 2 : null)],
]

beforeAll(async () => {
  graphite = spawn(join(venv, 'bin/python'), [join(import.meta.dirname, 'graphite-server.py'), folder, '0'])
  for (const [path, count] of series) graphite.stdin.write(`${JSON.stringify([path, points(count)])}\n`)
  graphite.stdin.end()
  let complaints = ''
  graphite.stderr.on('data', (text) => {
    complaints += text
  })
  const port = await new Promise<string>((done, fail) => {
    createInterface({ input: graphite.stdout }).once('line', done)
    graphite.once('exit', () => fail(new Error(complaints)))
  })
  url = `http://127.0.0.1:${port}`
})
afterAll(async () => {
  graphite.kill('SIGKILL')
  await new Promise((done) => graphite.once('close', done))
  rmSync(folder, { recursive: true, force: true })
})

const provider = () =>
  openMetrics({ policy: recipe('Graphite', url), version: '1.2.0', previous: '1.1.0', env: {} })

test('V1: the Graphite recipe against a real Graphite counts whole slices, the first and the last too', async () => {
  const { observations, down } = await provider().range(begin, begin + 600, 60, 10)
  expect(down).toBeNull()
  expect(observations.map(({ from }) => from)).toEqual(Array.from({ length: 10 }, (_, at) => begin + 60 * at))
  for (const { canary } of observations)
    expect(canary).toMatchObject([{ instance: 'a', total: 30, events: 2 }])
  expect(observations[0]?.stable).toMatchObject([
    { instance: 'c', total: 180, events: 0 },
    { instance: 'd', total: 240, events: 0 },
  ])
  // A pod that reports nothing any more is absent, not a pod without requests.
  expect(observations.at(-1)?.stable).toMatchObject([{ instance: 'c', total: 180 }])
})

test('V1: looks of a real Graphite tell the same as its range', async () => {
  const one = provider()
  const totals: number[] = []
  for (let at = begin; at < begin + 660; at += 30) {
    const { observations } = await one.observe(at, at + 30, 10)
    totals.push(...observations.map(({ canary }) => canary[0]?.total ?? 0))
  }
  expect(totals).toEqual(Array(10).fill(30))
})

test('V5: what a real Graphite has nothing of is no data, with the version that lacks', async () => {
  const { observations, down, notes } = await provider().range(begin - 1200, begin - 600, 60, 10)
  expect([down, observations[0]?.canary, observations[0]?.stable]).toEqual([null, [], []])
  expect(notes?.join()).toContain('errors: no data of version 1.2.0 and 1.1.0')
})
