import { describe, expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { readConfig } from '@relman/core/config/read-config'

const read = (probes: string, checks = '{ kind: ratio, name: probe-errors, provider: probes }') =>
  readConfig(`metrics:\n  probes: ${probes}\n  checks:\n    - ${checks}\n`, 'relman.yml')
const url = 'url: "https://{{arm}}.shop.example"'

describe('C10: probes as they are written', () => {
  test('defaults are small, safe and read-only; reading what was read changes nothing', () => {
    const { metrics } = read(`{ ${url} }`)
    expect(metrics?.probes).toMatchObject({ rate: 5, concurrency: 20, timeout: 5, before: 600 })
    expect(metrics?.probes?.requests).toEqual([{ path: '', method: 'GET' }])
    const whole = read(`{ ${url}, requests: [{ path: /a, status: 204 }, { path: /b, status: [200, 302] }] }`)
    expect(whole.metrics?.probes?.requests.map(({ status }) => status)).toEqual([[204], [200, 302]])
    expect(config.parse(JSON.parse(JSON.stringify(whole)))).toEqual(whole)
  })

  test('a check is read from probes only where it says so', () => {
    const { metrics } = readConfig(
      `metrics:\n  prometheus: { url: "https://p.example" }\n  probes: { ${url} }\n  checks:\n    - { kind: ratio, name: errors, total: t, events: e }\n    - { kind: latency, name: probe-latency, provider: probes }\n`,
      'relman.yml',
    )
    expect(metrics?.checks.map(({ provider }) => provider)).toEqual([undefined, 'probes'])
  })

  test.each([
    [`{ ${url}, rate: 1000 }`, /rate/],
    [`{ ${url}, rate: 0 }`, /rate/],
    [`{ ${url}, concurrency: 1000 }`, /concurrency/],
    ['{ url: "ftp://shop.example" }', /write an address such as/],
    ['{ url: "https://me:secret@shop-{{arm}}.example" }', /holds no user and password/],
    ['{ url: "https://shop.example/{{query}}" }', /only \{\{version\}\} and \{\{arm\}\}/],
    ['{ url: "https://shop.example" }', /both versions would be asked alike/],
    [
      '{ url: { canary: "https://a.example", stable: "https://a.example" } }',
      /both versions would be asked alike/,
    ],
    [
      '{ url: { canary: "https://a.example", stable: "https://A.example:443/" } }',
      /both versions would be asked alike/,
    ],
    [`{ ${url}, headers: { Transfer-Encoding: chunked } }`, /set by the connection/],
    [`{ ${url}, headers: { x: "a\\r\\nb: c" } }`, /one line of plain characters/],
    [`{ ${url}, requests: [{ path: "health" }] }`, /with \/ first/],
    [`{ ${url}, requests: [{ method: TRACE }] }`, /method/],
    [`{ ${url}, requests: [{ method: HEAD, contains: ok }] }`, /an answer to HEAD has no body/],
    [`{ ${url}, edges: [1, 0.5] }`, /edges must ascend/],
  ])('%s is refused', (probes, sentence) => {
    expect(() => read(probes)).toThrow(sentence)
  })

  test.each([
    ['{ kind: ratio, name: errors, total: t, events: e }', /add provider: probes/],
    ['{ kind: rate, name: orders, provider: probes }', /probes answer a ratio or a latency/],
    ['{ kind: ratio, name: e, provider: probes, baseline: previous-release }', /probes have no past/],
  ])('the check %s is refused', (check, sentence) => {
    expect(() => read(`{ ${url} }`, check)).toThrow(sentence)
  })

  test('probes that nothing judges are not sent for nothing; a check without probes says what to add', () => {
    expect(() =>
      readConfig(
        `metrics:\n  prometheus: { url: "https://p.example" }\n  probes: { ${url} }\n  checks:\n    - { kind: ratio, name: errors, total: t, events: e }\n`,
        'relman.yml',
      ),
    ).toThrow(/no check judges them/)
    expect(() =>
      readConfig('metrics:\n  checks:\n    - { kind: ratio, name: a, provider: probes }\n', 'relman.yml'),
    ).toThrow(/add metrics.probes/)
  })

  test.each(['{{arm}}', '{{version}}'])(
    '%s in a header, a cookie or the path tells versions apart',
    (what) => {
      for (const more of [
        `headers: { x-route: "${what}" }`,
        `headers: { cookie: "route=${what}" }`,
        `requests: [{ path: "/v/${what}" }]`,
      ])
        expect(() => read(`{ url: "https://shop.example", ${more} }`)).not.toThrow()
      expect(() =>
        read(`{ url: "https://shop.example", requests: [{ path: "/v/${what}" }, { path: /same }] }`),
      ).toThrow(/asked alike/)
    },
  )
})
