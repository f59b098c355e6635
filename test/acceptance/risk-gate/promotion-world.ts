/** A repository with an image in a registry, environments before production, and what people copy from the page of promote.yml. */

import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { openRegistry, type TestRegistry } from '../../contract/artifact/registry.ts'
import { type Hosted, openHosted } from '../plan-release/hub.ts'
import { callerOf, openPlayer, type Player } from '../plan-release/play.ts'

const deploy = `name: deploy
description: Notes what it was asked to do
inputs: { operation: { required: true }, version: { required: true }, environment: { required: true } }
runs:
  using: composite
  steps:
    - shell: bash
      env: { TOLD: "\${{ inputs.operation }} \${{ inputs.version }} \${{ inputs.environment }}" }
      run: echo "$TOLD $RELMAN_SERVICE $RELMAN_ARTIFACT_DIGEST" >> "LOG"
`

export type World = {
  hosted: Hosted
  player: Player
  registry: TestRegistry
  /** The digest of the image that is promoted. */
  digest: string
  sha: string
  /** What the deployment was asked to do. */
  deployed(): string[]
  /** The version that the environments show; null: they are down. */
  shown: { version: string | null; asked: number }
  close(): Promise<void>
}

export const openPromotion = async (policy: Record<string, unknown> = {}): Promise<World> => {
  const registry = await openRegistry()
  const shown: World['shown'] = { version: '1.1.0', asked: 0 }
  const health = createServer((_, response) => {
    shown.asked += 1
    response.writeHead(shown.version === null ? 503 : 200).end(JSON.stringify({ version: shown.version }))
  })
  await new Promise<void>((done) => health.listen(0, '127.0.0.1', done))
  const { port } = health.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/health`
  const confirm = { url, contains: '"version":"{{version}}"', private: true, every: 0.02, timeout: 0.5 }
  let log = ''
  const hosted = await openHosted((clone) => {
    log = join(clone.folder, '..', 'deployments')
    clone.commit('feat: begin', {
      '.github/relman.yml': stringify({
        service: 'shop',
        artifact: `${registry.host}/acme/shop`,
        artifacts: { registry: { plain: [registry.host] } },
        promotion: { environments: ['alpha', 'staging', 'production'], confirm: { staging: confirm } },
        signoff: { low: [], medium: [], high: [] },
        traffic: { driver: 'command', set: ['./set'], get: ['./get'] },
        metrics: {
          prometheus: { url: 'https://prometheus.example' },
          checks: [{ kind: 'ratio', name: 'errors', total: 't', events: 'e' }],
        },
        ...policy,
      }),
      '.github/workflows/promote.yml': callerOf('workflows/promote.md'),
      '.github/actions/relman-deploy/action.yml': deploy.replaceAll('LOG', log),
    })
    clone.tag('v1.0.0')
    clone.commit('feat: pay')
  })
  const { hub, clone } = hosted
  for (const name of ['alpha', 'staging', 'production'])
    hub.putEnvironment({
      ...{
        name,
        reviewers: name === 'staging' ? ['grace'] : [],
        waitTimerMinutes: 0,
        secrets: {},
        variables: {},
      },
      ...{ canAdminsBypass: true, preventSelfReview: true },
    })
  const sha = clone.git('rev-parse', 'HEAD')
  const player = openPlayer(hosted)
  return {
    ...{ hosted, player, registry, sha, shown },
    digest: registry.image('acme/shop', '1.1.0', { revision: sha }),
    deployed: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    close: async () => {
      await player.close()
      await hosted.close()
      await registry.close()
      await new Promise((done) => health.close(done))
    },
  }
}
