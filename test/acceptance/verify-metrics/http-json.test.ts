import { afterEach, describe, expect, test } from '@jest/globals'
import { graphite, influx, loki, newRelic } from '../../contract/metrics/vendors/http-json.ts'
import type { World } from '../../contract/metrics/vendors/world.ts'
import type { Answer } from '../../contract/traffic/server.ts'
import { openWindow, tenMinutes, type Window } from './vendor-window.ts'

let window: Window
afterEach(() => window.close())

const vendors: [string, (world: World) => Answer, Record<string, string>][] = [
  ['New Relic', newRelic, { NEW_RELIC_API_KEY: 'nr-key' }],
  ['InfluxDB', influx, { INFLUX_TOKEN: 'influx-token' }],
  ['Graphite', graphite, {}],
  ['Loki', loki, { LOKI_TOKEN: 'loki-token' }],
]

describe.each(vendors)('V1: the recipe of %s through the bundle', (heading, answer, env) => {
  const said = async (world: World, prepare?: (one: Window) => void) => {
    window = await openWindow(heading, answer, world, 10, env)
    prepare?.(window)
    const { status, outputs, summary, log } = await window.judge()
    return { status, verdict: outputs['verdict'], reason: outputs['reason-code'], text: `${summary}${log}` }
  }

  test('a release like the stable one is healthy', async () => {
    const found = await said(tenMinutes({ canary: 0.001, stable: 0.001 }))
    expect([found.status, found.verdict, found.reason]).toEqual([0, 'healthy', 'proven'])
    expect(found.text).not.toMatch(/nr-key|influx-token|loki-token/)
  }, 60_000)

  test('many more errors are unhealthy', async () => {
    const found = await said(tenMinutes({ canary: 0.05, stable: 0.001 }))
    expect([found.status, found.verdict, found.reason]).toEqual([1, 'unhealthy', 'error-rate-above-margin'])
  }, 60_000)

  test('V5: no data is never healthy', async () => {
    const found = await said({})
    expect([found.status, found.verdict, found.reason]).toEqual([1, 'inconclusive', 'no-data'])
    expect(found.text).toContain('errors: no data of version 1.2.0 and 1.1.0')
  }, 60_000)

  test('V5, 72: a login page in its place is down, and says so', async () => {
    const found = await said(tenMinutes({ canary: 0.001, stable: 0.001 }), ({ server }) => {
      server.answer = (_, response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html><form action="/login">')
    })
    expect([found.status, found.verdict, found.reason]).toEqual([1, 'inconclusive', 'metrics-down'])
    expect(found.text).toContain('answered with a web page, perhaps a login')
  }, 60_000)
})
