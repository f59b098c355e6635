import { config } from 'zod'

type Program = { run: () => Promise<void> }

const actions: Record<string, () => Promise<Program>> = {
  'plan-release': () => import('./plan-release/main.ts'),
  'risk-gate': () => import('./risk-gate/main.ts'),
  'canary-step': () => import('./canary-step/main.ts'),
  'verify-metrics': () => import('./verify-metrics/main.ts'),
  rollback: () => import('./rollback/main.ts'),
  'publish-notes': () => import('./publish-notes/main.ts'),
  relman: () => import('../cli/relman.ts'),
}

/** What one bundle holds: the six actions and the command line. */
export const names: readonly string[] = Object.keys(actions)

/** One bundle for all actions: `dist/<name>/index.js` calls this with its name, and only that action is loaded. */
export const main = async (name: string): Promise<void> => {
  const load = actions[name]
  if (!load) throw new Error(`relman has no action "${name}"`)
  // A plan is read a few times and then never again: compiling a reader for each of its parts takes longer than reading it.
  if (name === 'plan-release') config({ jitless: true })
  await (await load()).run()
}
