import type { Plan } from '../plan/plan.ts'
import type { Refusal } from './overtaken.ts'

/** A plan before its feature freeze, which no sign-off can bind to (row L4); null once it is frozen. */
export const provisional = ({ state, version, revision, freeze }: Plan): Refusal | null => {
  if (state === 'frozen') return null
  const until = freeze ? `its features freeze at ${freeze.feature} (${freeze.source})` : 'it is not frozen'
  return {
    reasonCode: 'plan-provisional',
    message: `revision ${revision} of ${version} is provisional: ${until}, and sign-offs bind to the frozen revision; plan again then, or now with the input freeze of plan-release`,
  }
}
