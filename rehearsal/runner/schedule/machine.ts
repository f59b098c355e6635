import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Machine } from '../job/state.ts'
import type { RunState } from './run-state.ts'

/** The `runner` context (docs: contexts#runner-context). */
type RunnerContext = Record<'name' | 'os' | 'arch' | 'temp' | 'tool_cache' | 'environment' | 'debug', string>

/** A fresh machine for one job: nothing is left of other jobs but what the work folder's tool cache holds. */
export function createMachine(
  run: RunState,
  jobId: number,
): Machine & { runner: RunnerContext; eventPath: string } {
  const { platform, sources, caller } = run
  const root = join(platform.workDir, String(run.run.id), String(jobId))
  const workspace = join(root, platform.hub.repo, platform.hub.repo)
  const temp = join(root, '_temp')
  const workflow = join(temp, '_github_workflow')
  const toolCache = join(platform.workDir, '_tool')
  for (const folder of [workspace, workflow, toolCache]) mkdirSync(folder, { recursive: true })
  const eventPath = join(workflow, 'event.json')
  writeFileSync(eventPath, JSON.stringify(run.trigger.payload))
  return {
    ...{ workspace, temp, sources, caller, eventPath },
    nodePath: platform.nodePath,
    environment: platform.environment,
    builtins: platform.builtins,
    grace: platform.delays,
    timeoutMinuteMs: platform.delays.timeoutMinuteMs,
    processes: new Set(),
    ...(platform.summariesDir ? { summariesDir: platform.summariesDir } : {}),
    ...(platform.guard ? { guard: platform.guard } : {}),
    runner: {
      name: `Rehearsal ${jobId}`,
      os: { darwin: 'macOS', win32: 'Windows' }[process.platform as string] ?? 'Linux',
      arch: process.arch.toUpperCase(),
      temp,
      tool_cache: toolCache,
      environment: 'github-hosted',
      debug: '',
    },
  }
}
