import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { openMetrics } from '@relman/core/adapters/metrics/open'
import { recipe } from '../contract/metrics/vendors/recipe.ts'

jest.setTimeout(60_000)

let url = ''
let influxd: ChildProcess
const folder = mkdtempSync(join(tmpdir(), 'relman-influxdb-'))

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })

beforeAll(async () => {
  const [http, rpc] = [await freePort(), await freePort()]
  const configuration = join(folder, 'influxdb.conf')
  writeFileSync(
    configuration,
    [
      'reporting-disabled = true',
      `bind-address = "127.0.0.1:${rpc}"`,
      `[meta]\ndir = "${folder}/meta"`,
      `[data]\ndir = "${folder}/data"\nwal-dir = "${folder}/wal"`,
      `[http]\nbind-address = "127.0.0.1:${http}"\nlog-enabled = false`,
      '[monitor]\nstore-enabled = false',
    ].join('\n'),
  )
  influxd = spawn('influxd', ['-config', configuration], { stdio: 'ignore' })
  url = `http://127.0.0.1:${http}`
  for (let left = 100; ; left -= 1) {
    const ready = await fetch(`${url}/ping`).catch(() => null)
    if (ready?.status === 204) break
    if (left === 0) throw new Error('InfluxDB did not start')
    await new Promise((done) => setTimeout(done, 100))
  }
  // It answers a ping before it can create anything.
  for (let left = 100; ; left -= 1) {
    const q = (words: string) => new URLSearchParams({ q: words })
    await fetch(`${url}/query`, { method: 'POST', body: q('CREATE DATABASE shop') })
    const there = await fetch(`${url}/query?${q('SHOW DATABASES')}`)
    if ((await there.text()).includes('shop')) break
    if (left === 0) throw new Error('InfluxDB made no database')
    await new Promise((done) => setTimeout(done, 100))
  }
})
afterAll(async () => {
  influxd.kill()
  await new Promise((done) => influxd.once('exit', done))
  rmSync(folder, { recursive: true, force: true })
})

/** Line protocol: one point for each pod and ten seconds, as a service would send them. */
const write = async (lines: string[]) => {
  const { status } = await fetch(`${url}/write?db=shop&precision=s`, {
    method: 'POST',
    body: lines.join('\n'),
  })
  expect(status).toBe(204)
}
const provider = (server = url) =>
  openMetrics({
    policy: recipe('InfluxDB', server),
    version: '1.2.0',
    previous: '1.1.0',
    env: { INFLUX_TOKEN: 'unused-without-auth' },
  })

test('V1: the InfluxDB recipe against a real InfluxDB counts what was written, slice by slice', async () => {
  const begin = 1_767_225_600
  const times = Array.from({ length: 60 }, (_, index) => begin + 10 * index)
  await write(
    times.flatMap((at) => [
      ...['a', 'b'].map((pod) => `requests,version=1.2.0,pod=${pod} count=5i ${at}`),
      ...['c', 'd', 'e'].map((pod) => `requests,version=1.1.0,pod=${pod} count=30i ${at}`),
      `requests,version=0.9.0,pod=z count=1000i ${at}`,
      ...(at % 60 === 0 ? [`errors,version=1.2.0,pod=a count=2i ${at}`] : []),
    ]),
  )
  const { observations, down, notes } = await provider().range(begin, begin + 600, 60, 10)
  expect([down, notes]).toEqual([null, []])
  expect(observations).toHaveLength(10)
  expect(observations[3]).toMatchObject({
    from: begin + 180,
    to: begin + 240,
    canary: [
      { instance: 'a', total: 30, events: 2 },
      { instance: 'b', total: 30, events: 0 },
    ],
    stable: [
      { instance: 'c', total: 180, events: 0 },
      { instance: 'd', total: 180 },
      { instance: 'e', total: 180 },
    ],
  })
})

test('V5: what a real InfluxDB has nothing of is no data, with the version that lacks', async () => {
  const { observations, down, notes } = await provider().range(86_400, 86_700, 60, 10)
  expect([down, observations[0]?.canary, observations[0]?.stable]).toEqual([null, [], []])
  expect(notes?.join()).toContain('errors: no data of version 1.2.0 and 1.1.0')
})

test('V5, 72: a query that a real InfluxDB does not understand is down, in its own words', async () => {
  const policy = recipe('InfluxDB', url)
  const broken = { ...policy, checks: policy.checks.map((check) => ({ ...check, total: 'SELECT sum(' })) }
  const open = (one: typeof policy) =>
    openMetrics({ policy: one, version: '1.2.0', previous: '1.1.0', env: { INFLUX_TOKEN: 'x' } })
  expect((await open(broken).range(60, 120, 60, 10)).down).toMatch(/reports an error .*error parsing query/)
  const elsewhere = {
    ...policy,
    http: policy.http && { ...policy.http, url: policy.http.url.replace('db=shop', 'db=no') },
  }
  expect((await open(elsewhere).range(60, 120, 60, 10)).down).toMatch(
    /reports an error: database not found: no/,
  )
})
