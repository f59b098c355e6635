import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Clone, environmentOf, openClone, type Planned, readRun } from './clone.ts'

const dist = process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../../dist')

type Answer = { status: number; body: string } | 'hang'

let clone: Clone
let server: Server
let port = 0
let asked: string[] = []
/** Counters that grow by 120 requests and 0.12 bad ones a second, on three instances of 1.0.0. */
let answer: (query: URLSearchParams) => Answer
beforeEach(async () => {
  clone = openClone()
  asked = []
  answer = (query) => ({ status: 200, body: counters(query) })
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += part))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost')
      asked.push(url.pathname)
      const told = answer(body === '' ? url.searchParams : new URLSearchParams(body))
      if (told === 'hang') return
      response.writeHead(told.status, { 'content-type': 'application/json' }).end(told.body)
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  port = (server.address() as AddressInfo).port
})
afterEach(() => {
  clone.close()
  server.closeAllConnections()
  server.close()
})

const counters = (query: URLSearchParams): string => {
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(query.get(name))) as [
    number,
    number,
    number,
  ]
  const bad = /bad_total/.test(query.get('query') ?? '')
  const values = (instance: number) =>
    Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => {
      const at = start + index * step
      return [at, String((bad ? 0.04 : 40) * (at - start) + instance)]
    })
  const result = [0, 1, 2].map((instance) => ({
    metric: { version: '1.0.0', instance: `i-${instance}` },
    values: values(instance),
  }))
  return JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } })
}

/** Beside this process, which answers it. */
const plan = async (more = '', prometheus = true): Promise<Planned> => {
  const probed = more.includes('probes:')
  clone.commit('feat: begin', {
    '.github/relman.yml': `
service: checkout
traffic: { driver: command, set: [./set], get: [./get] }
metrics:
  ${prometheus ? `prometheus: { url: 'http://127.0.0.1:${port}', timeout: 2s }` : ''}
  allow: ['127.0.0.1']
  checks:
    - { kind: ratio, name: errors, total: all_total, events: bad_total, required: ${!probed} }
    ${probed ? '- { kind: ratio, name: probe-errors, provider: probes }' : ''}
${more}`,
  })
  clone.tag('v1.0.0')
  clone.commit('fix: a')
  const temp = mkdtempSync(join(clone.folder, '..', 'temp-'))
  const env = environmentOf({ folder: clone.folder, temp, inputs: {}, env: {} })
  const child = spawn(process.execPath, [join(dist, 'plan-release', 'index.js')], { cwd: temp, env })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (log += part))
  const status = await new Promise<number>((done) => child.on('close', (code) => done(code ?? 1)))
  return { status, log, ...readRun(temp) }
}

test('P20: bakes are planned by the last day of Prometheus, and what cannot be proven is said', async () => {
  const { status, plan: drawn, summary } = await plan()
  expect(status).toBe(0)
  expect(asked).toEqual(['/api/v1/query_range', '/api/v1/query_range'])
  const [first] = drawn.bake.cases
  expect([drawn.bake.known, first.name, first.traffic.instances]).toEqual([true, 'errors', 3])
  expect(first.traffic.rate).toBeCloseTo(120, 0)
  expect(first.traffic.errors).toBeCloseTo(0.1, 2)
  const late = first.steps.filter(({ warning }: { warning: string | null }) => warning !== null)
  for (const { most, max } of first.steps) {
    const told = late.some((step: { most: number | null }) => step.most === most)
    expect(told).toBe(most === null || most > max)
  }
  expect(summary).toMatch(/\| to prove that \|/)
  expect(summary).toMatch(
    /at errors: 1[12]\d requests a second, 0\.1\d* % bad, 3 instances \(errors of the stable version/,
  )
}, 60_000)

test('the business impact of a window follows the traffic of its hours', async () => {
  const { plan: drawn } = await plan()
  const [impact] = drawn.schedule.score.terms
  expect(impact).toMatchObject({ name: 'business impact', source: 'mean traffic against the busiest hour' })
}, 60_000)

test('C10, P20: an approver reads what steps prove with probes, and that promotion would rest on them', async () => {
  const { plan: drawn, summary } = await plan(`
  probes: { url: 'https://{{arm}}.shop.example', rate: 20, requests: [{ path: /buy, method: POST }] }
rollout: { assume: { rate: 5 } }`)
  expect(drawn.bake.probes[0]).toMatchObject({ name: 'probe-errors', traffic: { rate: 20, each: true } })
  expect(summary).toMatch(/\| to prove that with probes \|/)
  expect(summary).toMatch(/not proven by requests of users: promotion would rest on probes/)
  expect(summary).toMatch(/relman sends 20 requests a second to each version/)
  expect(summary).toMatch(/POST \/buy is sent to production as a probe/)
  expect(JSON.stringify(drawn.criteria)).toMatch(
    /probe-errors: .*of probes and not of requests of users; proven/,
  )
}, 60_000)

const faults: [string, () => void, RegExp][] = [
  [
    'answers with an error',
    () => {
      answer = () => ({ status: 500, body: '{"status":"error","error":"overloaded"}' })
    },
    /overloaded/,
  ],
  [
    'hangs',
    () => {
      answer = () => 'hang'
    },
    /127\.0\.0\.1/,
  ],
  ['is down', () => server.close(), /127\.0\.0\.1/],
]

test.each(faults)(
  'a Prometheus that %s fails no plan: it is a gap, and the configuration is assumed',
  async (_, fault, why) => {
    fault()
    const { status, plan: drawn, summary } = await plan('rollout: { assume: { rate: 50 } }')
    expect(status).toBe(0)
    const gap = drawn.gaps.find((text: string) => text.startsWith('the traffic of the last day was not read'))
    expect(gap).toMatch(why)
    expect(gap).toMatch(/planned bakes use rollout\.assume$/)
    expect(drawn.bake.cases[0].traffic).toMatchObject({ rate: 50, source: 'rollout.assume' })
    expect(summary).toContain('50 requests a second')
  },
  60_000,
)

test('P20: an unknown traffic is said to be unknown, with a table of what it would take', async () => {
  const { plan: drawn, summary } = await plan('', false)
  expect(asked).toEqual([])
  expect(drawn.bake.known).toBe(false)
  expect(summary).toMatch(/The traffic is unknown/)
  expect(summary).toMatch(
    /\| step, margin \| 5 requests a second \| 20 requests a second \| 50 requests a second \| 200 requests a second \|/,
  )
  expect(summary).toMatch(/\| 1 %, 1 pp \| ⚠/)
}, 60_000)
