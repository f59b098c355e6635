import { existsSync, readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { freshClone, workbench } from './product.ts'
import { type Rehearsal, recordOf, rehearse } from './rehearse.ts'

jest.setTimeout(200_000)

/** One answer as a user of the service got it: when (ms since 1970), from which version, with what status. */
type Answer = { at: number; version: string; status: number }

const { folder, close } = workbench()
afterAll(close)

const ask = (url: string, agent: Agent): Promise<Answer | null> =>
  new Promise((done) => {
    get(`${url}/checkout`, { agent, timeout: 2000 }, (response) => {
      const { statusCode = 0, headers } = response
      response
        .resume()
        .on('end', () => done({ at: Date.now(), version: String(headers['x-version']), status: statusCode }))
      response.on('error', () => done(null))
    }).on('error', () => done(null))
  })

/** Five users who know nothing of relman: they ask the service, one request after the other, until it is gone. */
const watchFromOutside = (out: string) => {
  const answers: Answer[] = []
  const agent = new Agent({ keepAlive: true })
  let running = true
  const user = async () => {
    const file = join(out, 'addresses.json')
    while (running && !existsSync(file)) await new Promise((done) => setTimeout(done, 50))
    if (!running) return
    const { service } = JSON.parse(readFileSync(file, 'utf8')) as { service: string }
    while (running) {
      const answer = await ask(service, agent)
      if (answer) answers.push(answer)
      await new Promise((done) => setTimeout(done, 20))
    }
  }
  const users = Promise.all(Array.from({ length: 5 }, user))
  return async () => {
    running = false
    await users
    agent.destroy()
    return answers.sort((a, b) => a.at - b.at)
  }
}

type Seen = Rehearsal & { outside: Answer[]; log: Answer[]; visits: Visit[] }

/** How long the record says that a weight was held. */
type Visit = { weight: number; from: number; until: number; verdict: string }

const visitsOf = (played: Rehearsal): Visit[] => {
  const events = recordOf(played)
  return events.flatMap(({ kind, data }) => {
    if (kind !== 'stepped') return []
    const end = events.find((one) => one.kind === 'verdict' && one.data['step'] === data['step'])?.data
    if (!end) return []
    const [from, until] = [
      Number(data['confirmedAt']) * 1000,
      (Number(data['movedAt']) + Number(end['seconds'])) * 1000,
    ]
    const weight = Number(data['weight'])
    // With all traffic there is nothing left to compare with: the record has no verdict there, the document says healthy.
    const verdict = weight === 100 && end['verdict'] === 'none' ? 'healthy' : String(end['verdict'])
    return [{ weight, from, until, verdict }]
  })
}

const play = async (scenario: string): Promise<Seen> => {
  const out = join(folder, `out-${scenario}`)
  const stop = watchFromOutside(out)
  const played = await rehearse(product, out, ['--scenario', scenario]).finally(() => stop())
  const outside = await stop()
  const lines = readFileSync(join(out, 'access.log'), 'utf8').trim().split('\n')
  const log = lines.map((line) => {
    const [at, , version = '', status] = line.split(' ')
    return { at: Number(at), version, status: Number(status) }
  })
  return { ...played, outside, log, visits: visitsOf(played) }
}

const share = (answers: readonly Answer[], version: string): number =>
  answers.filter((answer) => answer.version === version).length / answers.length

const between = <T extends { at: number }>(all: readonly T[], from: number, until: number): T[] =>
  all.filter(({ at }) => at >= from && at < until)

/** Four and a half standard errors of a share, and what a tenth of a second at either end may add. */
const tolerance = (weight: number, count: number): number => {
  const p = Math.min(Math.max(weight / 100, 0.01), 0.99)
  return 4.5 * Math.sqrt((p * (1 - p)) / count) + 0.01
}

const agrees = ({ document, outside, log, visits }: Seen): void => {
  expect(outside.length).toBeGreaterThan(300)
  expect(new Set(outside.map(({ version }) => version))).toEqual(
    new Set([document.previous, document.version]),
  )
  // The record tells the same steps as the document, and the users saw the shares of both.
  expect(visits.map(({ weight, verdict }) => [weight, verdict])).toEqual(
    document.steps.map(({ weight, verdict }) => [weight, verdict]),
  )
  for (const [index, { weight, from, until }] of visits.entries()) {
    const seen = between(outside, from + 100, until - 100)
    const measured = share(seen, document.version)
    expect(Math.abs(measured - weight / 100)).toBeLessThan(tolerance(weight, seen.length))
    const observed = document.steps[index]?.observed
    if (typeof observed === 'number')
      expect(Math.abs(measured - observed)).toBeLessThan(tolerance(weight, seen.length))
    expect(document.steps[index]?.seconds).toBeCloseTo((until - from) / 1000, 0)
  }
  // The log holds every request of the document, and no more than the users who asked on after its end.
  const counted = log.slice(0, document.requests.total)
  expect(log.length - counted.length).toBeLessThan(100)
  expect(counted).toHaveLength(document.requests.total)
  expect(counted.filter(({ status }) => status >= 500)).toHaveLength(document.requests.failed)
  const last = log[document.requests.total - 1]?.at ?? 0
  expect(share(between(outside, last - 1000, last), document.version)).toBeCloseTo(document.traffic.canary, 5)
}

let product = ''
beforeAll(() => {
  product = freshClone(folder)
})

describe('W4: users who know nothing of relman agree with what it says', () => {
  test('healthy: shares, steps, totals and the last second', async () => {
    const seen = await play('healthy')
    expect(seen.document.outcome).toBe('released')
    agrees(seen)
  })

  test('errors: shares, how fast it was seen, how fast it was over', async () => {
    const seen = await play('errors')
    const { document, outside, log, visits } = seen
    expect(document.outcome).toBe('rolled-back')
    agrees(seen)
    const unhealthyAt = visits.at(-1)?.until ?? 0
    const canary = log.filter(({ version }) => version === document.version)
    const lastCanary = canary.at(-1)?.at ?? 0
    // The record keeps tenths of a second.
    expect(Math.abs((lastCanary - unhealthyAt) / 1000 - (document.recoverySeconds ?? 99))).toBeLessThan(0.16)
    expect(document.recoverySeconds).toBeLessThanOrEqual(5)
    const lastSeen = outside.filter(({ version }) => version === document.version).at(-1)?.at ?? 0
    expect(lastSeen).toBeLessThanOrEqual(lastCanary + 100)
    const firstFailed = canary.find(({ status }) => status >= 500)?.at ?? 0
    expect(Math.abs((unhealthyAt - firstFailed) / 1000 - (document.detectedSeconds ?? 99))).toBeLessThan(0.3)
  })
})
