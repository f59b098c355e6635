/** A vendor's server on loopback and a window of the bundled verify-metrics over what it holds. */

import { recipe } from '../../contract/metrics/vendors/recipe.ts'
import type { World } from '../../contract/metrics/vendors/world.ts'
import { type Answer, openServer, type TestServer } from '../../contract/traffic/server.ts'
import { openStage, type Result, type Stage } from '../canary-step/stage.ts'

export type Window = {
  stage: Stage
  server: TestServer
  judge(inputs?: Record<string, string>): Promise<Result>
  close(): Promise<void>
}

const versions = { canary: '1.2.0', stable: '1.1.0' }
const pods = 4

/** Ten minutes of 1,000 requests a second, a tenth of them on the new version, and the given shares of errors. */
export const tenMinutes = (errors: { canary: number; stable: number }): World => {
  const begin = Date.now() / 1000 - 600
  const world: World = {}
  for (const arm of ['canary', 'stable'] as const)
    for (let pod = 0; pod < pods; pod += 1) {
      const perSecond = (arm === 'canary' ? 100 : 900) / pods
      const total = (at: number) => Math.floor(Math.max(0, at - begin) * perSecond)
      world[`requests ${versions[arm]} ${arm}-${pod}`] = total
      world[`errors ${versions[arm]} ${arm}-${pod}`] = (at) => Math.floor(total(at) * errors[arm])
    }
  return world
}

/** `heading`: the example of docs/providers.md that is run, in slices of `interval` seconds. */
export const openWindow = async (
  heading: string,
  answer: (world: World) => Answer,
  world: World,
  interval: number,
  env: Record<string, string>,
): Promise<Window> => {
  const server = await openServer(answer(world))
  const { datadog, http, checks, ...rest } = recipe(heading, server.url)
  const metrics = {
    ...rest,
    ...(datadog ? { datadog: { ...datadog, interval, delay: 1, timeout: 2 } } : {}),
    ...(http ? { http: { ...http, interval, delay: 1, timeout: 2 } } : {}),
    checks: checks.filter(({ name }) => name === 'errors'),
  }
  const stage = await openStage({ policy: { metrics } })
  return {
    stage,
    server,
    judge: (inputs = {}) => {
      const now = Math.floor(Date.now() / 1000)
      const window = { deployment: '', since: String(now - 240), until: String(now - 5), weight: '10' }
      return stage.run('verify-metrics', { ...window, ...inputs }, env)
    },
    close: async () => {
      await stage.close()
      await server.close()
    },
  }
}
