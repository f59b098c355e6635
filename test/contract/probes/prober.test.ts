import type { LookupAddress } from 'node:dns'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sharedLookup } from '@relman/core/adapters/network/shared-lookup'
import { openProber } from '@relman/core/adapters/probes/open-prober'
import { config } from '@relman/core/config/config'
import type { Prober } from '@relman/core/ports/prober'
import { type Answer, openProbeTarget, type ProbeTarget } from '../../acceptance/canary-step/probe-targets.ts'

let canary: ProbeTarget
let stable: ProbeTarget
let prober: Prober | null = null
beforeEach(async () => {
  canary = await openProbeTarget()
  stable = await openProbeTarget()
})
afterEach(async () => {
  prober?.stop()
  await Promise.all([canary.close(), stable.close()])
})

const open = (probes: Record<string, unknown> = {}, allow = ['127.0.0.1']): Prober => {
  const { metrics } = config.parse({
    metrics: {
      allow,
      probes: { url: { canary: canary.url, stable: stable.url }, rate: 100, timeout: 0.3, ...probes },
      checks: [
        { kind: 'ratio', name: 'probe-errors', provider: 'probes' },
        { kind: 'latency', name: 'probe-latency', provider: 'probes' },
      ],
    },
  })
  const versions = { version: 'v1.2.0', previous: '1.1.0' }
  const opened = openProber({ policy: metrics, ...versions, env: { KEY: 'k' }, lookSeconds: 0.2 })
  if (!opened) throw new Error('no prober')
  prober = opened
  return opened
}
const rest = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))
const sent = () => new AbortController().signal
const counts = (prober: Prober) =>
  prober
    .observe()
    .observations.filter(({ metric }) => metric === 'probe-errors')
    .map(({ canary, stable }) =>
      [canary, stable].map((arm) => arm.map(({ instance, events }) => [instance, events])),
    )

describe('C10: probes are polite, and counted as they were answered', () => {
  test('nothing is sent before it begins nor after it ends; before the first look only the stable version is told of', async () => {
    const one = open()
    await rest(50)
    expect(stable.seen).toEqual([])
    const began = Date.now() / 1000
    expect(await one.begin(0.5, sent())).toBeNull()
    const { observations, down } = one.past(began - 1, Date.now() / 1000 + 1)
    expect([down, observations.length > 2]).toEqual([null, true])
    expect(
      observations.every(({ canary: arm, stable: other }) => arm.length === 0 && other.length === 1),
    ).toBe(true)
    await rest(100)
    const [errors, latency] = one.observe().observations
    expect([errors?.metric, errors?.weight, latency?.metric]).toEqual(['probe-errors', 50, 'probe-latency'])
    one.stop()
    // What had reached the other side by then is seen there a moment later.
    await rest(50)
    const all = stable.seen.length
    expect(Math.abs(all - canary.seen.length)).toBeLessThanOrEqual(2)
    expect(all).toBeLessThan(90)
    await rest(100)
    expect(stable.seen.length).toBe(all)
  })

  test('an answer of another version is left out; a bad one without a name counts against the version asked', async () => {
    const told =
      (version: string | null, status = 200): Answer =>
      (_, response) =>
        response.writeHead(status, version === null ? {} : { 'x-version': version }).end()
    const one = open({ answers: { version: 'X-Version' } })
    stable.answer = told('1.1.0')
    canary.answer = told('1.1.0')
    await one.begin(0, sent())
    await rest(150)
    const look = one.observe()
    expect(look.observations[0]?.canary).toEqual([])
    expect(look.notes?.join()).toMatch(/probes of the new version came from another version/)
    canary.answer = told(null, 502)
    await rest(50)
    one.observe()
    await rest(150)
    const [[failing, fine] = []] = counts(one)
    expect(failing?.[0]?.[0]).toBe('canary: unnamed')
    expect(failing?.[0]?.[1]).toBeGreaterThan(5)
    expect(fine).toEqual([['stable: unnamed', 0]])
  })

  test('a version that hangs is never asked by more than may be under way, and what got no answer is bad', async () => {
    const one = open({ concurrency: 3 })
    canary.answer = () => undefined
    await one.begin(0, sent())
    await rest(700)
    const look = one.observe()
    expect(canary.most).toBeLessThanOrEqual(3)
    const [errors] = look.observations
    expect(errors?.canary[0]?.events).toBe(errors?.canary[0]?.total)
    expect(look.down).toBeNull()
    expect(look.notes?.join()).toMatch(/were not sent, because 3 were under way/)
  })

  test('70: a private address that nobody listed is not asked: down, and why', async () => {
    const one = open({}, [])
    expect(await one.begin(0.2, sent())).toMatch(
      /127\.0\.0\.1, a private address; list 127\.0\.0\.1:\d+ in metrics\.allow/,
    )
    expect([...canary.seen, ...stable.seen]).toEqual([])
  })

  test('a secret that is not there is named before anything is sent', () => {
    expect(() => open({ headers: { authorization: '{{env:MISSING}}' } })).toThrow(
      /metrics\.probes\.headers\.authorization: the environment variable MISSING is not set/,
    )
  })
})

test('a name is asked for once by many, and again when the answer is old', async () => {
  let asked = 0
  let now: ((error: null, addresses: LookupAddress[]) => void)[] = []
  const lookup = sharedLookup(50, (_, __, done) => {
    asked += 1
    now.push(done)
  })
  const ask = () =>
    new Promise<string | undefined>((done) =>
      lookup('shop.example', { all: true }, (_, [one]) => done(one?.address)),
    )
  const many = Promise.all([ask(), ask(), ask()])
  for (const done of now) done(null, [{ address: '10.0.0.1', family: 4 }])
  expect([await many, asked]).toEqual([['10.0.0.1', '10.0.0.1', '10.0.0.1'], 1])
  await rest(80)
  now = []
  const again = ask()
  for (const done of now) done(null, [{ address: '10.0.0.2', family: 4 }])
  expect([await again, asked]).toEqual(['10.0.0.2', 2])
})
