import { afterAll, expect, jest, test } from '@jest/globals'
import { benches } from './bench-process.ts'

jest.setTimeout(60_000)

const { start, closeAll } = benches()
afterAll(closeAll)

test('W4: 1,000 requests a second take less than half a core and 200 MB (230 on Node 24), all processes together', async () => {
  const { bench, admin, query } = await start({ rate: 1000, scrapeMilliseconds: 500 })
  await admin('POST', '/deploy', { version: '1.2.0' })
  await admin('PUT', '/weight', { weight: 50 })
  await new Promise((resolve) => setTimeout(resolve, 1500))
  const cpu = () => query('process_cpu_seconds_total', 'instance')
  const [before, sent, begun] = [await cpu(), (await bench.counts()).sent, Date.now()]
  await new Promise((resolve) => setTimeout(resolve, 6000))
  const [after, counts, ended] = [await cpu(), await bench.counts(), Date.now()]

  const seconds = (ended - begun) / 1000
  const rate = (counts.sent - sent) / seconds
  // Four deviations of a Poisson count of 6,000.
  expect(Math.abs(rate - 1000)).toBeLessThan(60)
  expect(counts.sent - counts.answered).toBeLessThan(150)

  expect(Object.keys(after).sort()).toEqual(['canary-1', 'proxy', 'stable-1'])
  const sum = (values: Record<string, number>) => Object.values(values).reduce((a, b) => a + b, 0)
  expect((sum(after) - sum(before)) / seconds).toBeLessThan(0.5)
  // Node 24 maps more of its own binary than 20 does; those pages are shared, but each process counts them.
  const limit = Number(process.versions.node.split('.')[0]) >= 22 ? 230e6 : 200e6
  expect(sum(await query('process_resident_memory_bytes', 'instance'))).toBeLessThan(limit)
})
