import { describe, expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'

const read = (checks: string, provider = 'prometheus: { url: "https://p.example" }') =>
  readConfig(`metrics:\n  ${provider}\n  checks:\n    - ${checks}\n`, 'relman.yml')
const errors = (total: string, events = 'errors_total') =>
  `{ kind: ratio, name: errors, total: ${JSON.stringify(total)}, events: ${JSON.stringify(events)} }`
const latency = (histogram: string) =>
  `{ kind: latency, name: latency, histogram: ${JSON.stringify(histogram)} }`

describe('V1: queries that Prometheus could never answer as meant are refused with line and fix', () => {
  test.each([
    [errors('rate(http_requests_total[5m])'), 'total: leave rate(…) away and write the raw counter'],
    [
      errors('a_total', 'sum(increase (b_total[1m]))'),
      'events: leave increase(…) away and write the raw counter',
    ],
    [errors('a_total', 'b_total{code=~"5.."'), 'events: a { is never closed'],
    [errors('a_total}'), 'total: a } closes nothing'],
    [errors('a_total{code=~"5..}'), 'total: a " is never closed'],
    [
      latency('histogram_quantile(0.99, sum by (le) (x_bucket))'),
      'histogram: write a name with or without matchers',
    ],
  ])('%s', (check, sentence) => {
    expect(() => read(check)).toThrow(`relman.yml:4:7: metrics.checks[0]: ${sentence}`)
  })

  test.each([
    errors('http_requests_total{path="/rate(x"}', "errors_total{job='a\\'b'} or 0 * http_requests_total"),
    errors('histogram_count(x)', 'increase_total{a=~"(b|c)[0-9]{2}"}'),
    latency('x_bucket{job="(a"}'),
    '{ kind: value, name: busy, value: "rate(cpu_seconds_total[1m])" }',
  ])('%s is taken', (check) => {
    expect(() => read(check)).not.toThrow()
  })

  test('other providers have languages of their own', () => {
    const http =
      'http: { url: "https://x.example/{{query}}", read: { series: a, version: v, time: b, value: c } }'
    expect(() => read(errors('rate(x[{{step}}s])'), http)).not.toThrow()
  })
})

test.each(['https://*.example', 'http://prometheus.example:9090', '10.0.0.0/8', '*.internal', 'a b'])(
  'faults 70: allow names hosts, %s would never match one',
  (entry) => {
    const provider = `prometheus: { url: "https://p.example" }\n  allow: ["${entry}"]`
    expect(() => read(errors('a_total'), provider)).toThrow('metrics.allow[0]: write host or host:port')
  },
)

test.each(['10.0.0.1', '10.0.0.1:9090', 'prometheus.internal', '::1', '[::1]:9090'])(
  'faults 70: allow takes %s',
  (entry) => {
    const provider = `prometheus: { url: "https://p.example" }\n  allow: ["${entry}"]`
    expect(() => read(errors('a_total'), provider)).not.toThrow()
  },
)

const password = 'https://ana:hunter2@p.example'
test.each([
  `metrics: { prometheus: { url: "${password}" } }`,
  `metrics: { datadog: { url: "${password}" } }`,
  `metrics: { http: { url: "${password}/{{query}}", read: { series: a, time: b, value: c } } }`,
  `metrics: { health: ["${password}"] }`,
  `traffic: { driver: http, url: "${password}" }`,
])('a password in an address is refused, and not repeated: %s', (text) => {
  const told = () => readConfig(`${text}\n`, 'relman.yml')
  expect(told).toThrow('an address holds no user and password')
  expect(told).not.toThrow('hunter2')
})

test('two checks of one name are refused: what is seen is told by name, and one would never be judged', () => {
  const two = (name: string) =>
    `${errors('a_total')}\n    - { kind: ratio, name: ${name}, total: b, events: c }`
  expect(() => read(two('errors'))).toThrow(
    'relman.yml:5:7: metrics.checks[1]: another check is named errors; give each a name of its own',
  )
  expect(() => read(two('payments'))).not.toThrow()
})
