import { canonicalJson } from '../record/canonical-json.ts'
import type { Plan } from './plan.ts'

/** The text of a plan and what it is known by. `sha256` gives the hexadecimal digest of a text. */
export const digestPlan = (
  plan: Plan,
  sha256: (text: string) => string,
): { text: string; digest: string } => {
  const text = canonicalJson(plan)
  return { text, digest: sha256(text) }
}
