import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let server: Server
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  server.closeAllConnections()
  server.close()
  await stage.close()
})

/** A stage whose new version has a health endpoint: well or not, by seconds since it was asked first. */
const open = async (isWell: (seconds: number) => boolean) => {
  let first = 0
  server = createServer((_, response) => {
    first ||= Date.now()
    if (isWell((Date.now() - first) / 1000)) response.writeHead(200).end()
    else response.destroy()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`
  stage = await openStage({
    rollout: { warmup: 4, steps: [{ weight: 50, margin: '2 %', min: 1, max: 20 }] },
    metrics: { health: [url], allow: ['127.0.0.1'] },
  })
}

test('V2, V5: an endpoint that starts within its warm-up, and one that is cut for a moment, return no release', async () => {
  await open((seconds) => seconds > 2 && !(seconds > 4.6 && seconds < 5.2))
  const { status, outputs, log } = await stage.run('canary-step')
  expect([status, outputs['decision']]).toEqual([0, 'done'])
  expect(log).toMatch(/health: \S+ is not well \(.*\); the next look tells/)
}, 60_000)

test('V2: an endpoint that fails look after look returns the release', async () => {
  await open((seconds) => seconds < 1)
  const { status, outputs } = await stage.run('canary-step')
  expect([status, outputs['reason-code'], stage.service.weight()]).toEqual([1, 'health-checks-failing', 0])
}, 60_000)
