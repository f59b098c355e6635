import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { openMetrics } from '@relman/core/adapters/metrics/open'
import { readTold } from '@relman/core/adapters/metrics/told-observations'
import { readConfig } from '@relman/core/config/read-config'
import type { RunProcess } from '@relman/core/ports/process'

const page = readFileSync(join(import.meta.dirname, '../../../docs/providers.md'), 'utf8')
const section = (heading: string) => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
const policyOf = (heading: string) => {
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(section(heading)) ?? []
  const { metrics } = readConfig(yaml, heading)
  if (!metrics) throw new Error(`${heading} has no example`)
  return metrics
}
const versions = { version: '1.2.0', previous: '1.1.0', cwd: '/' }

test.each(['Prometheus', 'CloudWatch', 'File', 'Command'])(
  'V1: the example of %s is valid and opens',
  (heading) => {
    const policy = policyOf(heading)
    const env = { PROMETHEUS_TOKEN: 'x', WAREHOUSE_TOKEN: 'x' }
    expect(openMetrics({ policy, ...versions, env }).observe).toBeInstanceOf(Function)
    expect(policy.checks.length).toBeGreaterThan(0)
  },
)

test('V1: the example of CloudWatch asks for counts, and for ranks at its edges', async () => {
  const asked: { MetricStat: { Metric: { MetricName: string }; Stat: string } }[] = []
  const run: RunProcess = async (words) => {
    const { MetricDataQueries } = JSON.parse(words.at(-1) ?? '') as { MetricDataQueries: typeof asked }
    asked.push(...MetricDataQueries)
    return { code: 0, stdout: '{"MetricDataResults": []}', stderr: '' }
  }
  const look = await openMetrics({ policy: policyOf('CloudWatch'), ...versions, env: {}, run }).observe(
    6000,
    6300,
    10,
  )
  expect(look.down).toBeNull()
  const names = asked.map(({ MetricStat }) => `${MetricStat.Metric.MetricName} ${MetricStat.Stat}`)
  expect([...new Set(names)]).toEqual([
    'Requests Sum',
    'Errors Sum',
    'Latency SampleCount',
    'Latency PR(:0.1)',
    'Latency PR(:0.3)',
    'Latency PR(:1)',
  ])
  expect(asked).toHaveLength(12)
})

test('V1: the observation that is shown is one', () => {
  const [, line = ''] = /```json\n([\s\S]*?)```/.exec(section('File')) ?? []
  const { told, notes } = readTold(line, policyOf('File').checks)
  expect([told.length, notes]).toEqual([1, []])
})
