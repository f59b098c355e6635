import { inline } from '../text/escape-markdown.ts'
import type { ObjectiveResult } from './objective-result.ts'

const words: Record<ObjectiveResult['outcome'], string> = {
  met: '**met**',
  missed: '**missed**',
  inconclusive: 'not known',
  observed: 'measured',
}

/** Row P21 in the completion summary: each objective, what was wanted, what was seen. Empty without objectives. */
export const showObjectives = (results: readonly ObjectiveResult[]): string => {
  if (results.length === 0) return ''
  const lines = results.map(({ text, wanted, observed, outcome, why }) => {
    const seen = observed === null ? inline(why) : `${inline(observed, 80)} (${inline(why)})`
    const aim = wanted === null ? '' : `, wanted ${inline(wanted, 80)}`
    return `  - ${inline(text)}: ${words[outcome]}, ${seen}${aim}`
  })
  const met = results.filter(({ outcome }) => outcome === 'met').length
  return [`- **Objectives**: ${met} of ${results.length} met`, ...lines].join('\n')
}
