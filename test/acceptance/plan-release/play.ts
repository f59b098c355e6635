/** Workflows of a hosted clone, played as GitHub would with this product. */

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { RunResult } from '../../../rehearsal/runner/schedule/run.ts'
import { type Runner, type RunRequest, startRunner } from '../../../rehearsal/runner/start-runner.ts'
import type { Hosted } from './hub.ts'

const root = join(import.meta.dirname, '../../..')
const dist = process.env['RELMAN_DIST'] ?? join(root, 'dist')

/** The first caller that a page shows: what a maintainer copies. */
export const callerOf = (page: string, which = 0): string =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map(([, text = '']) => text)
    .filter((text) => /^jobs:/m.test(text))[which] ?? ''

export type Player = {
  runner: Runner
  run(request: RunRequest): Promise<{ result: RunResult; summary: string }>
  close(): Promise<void>
}

export const openPlayer = ({ clone, hub }: Hosted): Player => {
  const work = mkdtempSync(join(clone.folder, '..', 'runner-'))
  const product = join(work, 'product')
  mkdirSync(product)
  for (const part of ['actions', '.github/workflows'])
    cpSync(join(root, part), join(product, part), { recursive: true })
  symlinkSync(dist, join(product, 'dist'))
  const summariesDir = join(work, 'summaries')
  mkdirSync(summariesDir)
  const runner = startRunner({
    hub,
    product: { root: product, ref: 'org/relman', version: 'v1' },
    workDir: join(work, 'work'),
    scale: 0.001,
    nodePath: process.execPath,
    environment: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    out: { summariesDir, onEvent: () => {} },
  })
  return {
    runner,
    run: async (request) => {
      const result = await runner.startRun(request)
      const summary = readdirSync(summariesDir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
        .join('\n')
      return { result, summary }
    },
    close: () => runner.close(),
  }
}
