import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { certificateFor } from '../../contract/metrics/certificate.ts'
import { openProxyServer, type ProxyServer } from '../../contract/metrics/proxy-server.ts'
import { openStage, type Stage } from '../canary-step/stage.ts'

/** An address of documentation networks (RFC 5737): public, and nobody's. */
const address = '192.0.2.10'
const url = `https://${address}:8443`
const secrets = {
  RELMAN_METRICS_TOKEN: 'gehe:im pass',
  RELMAN_METRICS_KEY: 'tenant-9',
  PROXY_PASSWORD: 'durch-lass',
}

let stage: Stage
let mimir: Server
let proxy: ProxyServer
let folder: string
/** What the server was told of who asks. */
let told: { authorization: string | undefined; tenant: string | string[] | undefined }[] = []

beforeEach(async () => {
  const metrics = {
    prometheus: {
      url,
      timeout: 5,
      basic: { user: '4711', password: 'RELMAN_METRICS_TOKEN' },
      headers: { 'X-Scope-OrgID': '{{env:RELMAN_METRICS_KEY}}' },
    },
    allow: [],
  }
  stage = await openStage({
    metrics,
    rollout: { steps: [{ weight: 50, margin: '3 %', min: 1, max: 12 }] },
  })
  told = []
  const { key, certificate } = certificateFor(address)
  mimir = createServer({ key, cert: certificate }, (asked, response) => {
    const { authorization, 'x-scope-orgid': tenant } = asked.headers
    told.push({ authorization, tenant })
    const options = { method: asked.method, headers: { host: 'x' } }
    const inner = request(`${stage.service.url}${asked.url}`, options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    asked.pipe(inner)
  })
  await new Promise<void>((done) => mimir.listen(0, '127.0.0.1', done))
  proxy = await openProxyServer((mimir.address() as AddressInfo).port, `relman:${secrets.PROXY_PASSWORD}`)
  folder = mkdtempSync(join(tmpdir(), 'relman-proxied-'))
  writeFileSync(join(folder, 'ca.pem'), certificate)
})
afterEach(async () => {
  await proxy.close()
  mimir.closeAllConnections()
  await new Promise((done) => mimir.close(done))
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
})

test('V1: a Mimir behind a proxy, with user, password and tenant; the driver inside is reached directly', async () => {
  const { status, outputs, summary, log } = await stage.run(
    'canary-step',
    {},
    {
      RELMAN_METRICS_TOKEN: secrets.RELMAN_METRICS_TOKEN,
      RELMAN_METRICS_KEY: secrets.RELMAN_METRICS_KEY,
      HTTPS_PROXY: proxy.url,
      // Nothing of the rehearsal is to be reached through it but what is public.
      HTTP_PROXY: '',
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
    },
  )
  expect([log.includes('did not answer'), status, outputs['decision']]).toEqual([false, 0, 'done'])
  expect(new Set(proxy.seen)).toEqual(new Set([`CONNECT ${address}:8443`]))
  const basic = `Basic ${Buffer.from(`4711:${secrets.RELMAN_METRICS_TOKEN}`).toString('base64')}`
  expect(new Set(told.map((one) => JSON.stringify(one)))).toEqual(
    new Set([JSON.stringify({ authorization: basic, tenant: 'tenant-9' })]),
  )
  const shown = [log, summary, ...Object.values(outputs)].join('\n')
  for (const hidden of [...Object.values(secrets), basic.slice(6)]) expect(shown).not.toContain(hidden)
}, 60_000)

test('V1, V5: behind a proxy that is not there the metrics are down, and the sentence names it', async () => {
  const { outputs, summary } = await stage.run(
    'verify-metrics',
    { deployment: '', since: String(Math.floor(Date.now() / 1000) - 60), weight: '10', config: '' },
    { RELMAN_METRICS_TOKEN: 'x', RELMAN_METRICS_KEY: 'y', HTTPS_PROXY: 'http://127.0.0.1:1' },
  )
  expect([outputs['reason-code'], proxy.seen]).toEqual(['metrics-down', []])
  expect(summary).toMatch(/through the proxy 127\.0\.0\.1:1: nothing listens there/)
}, 60_000)
