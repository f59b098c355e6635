import { promotion } from '../promotion/promotion.ts'
import { code, inline } from '../text/escape-markdown.ts'
import type { TicketFacts } from './ticket-facts.ts'

const marks: Record<string, string> = {
  promoting: '⏳ under way',
  promoted: '✅ promoted',
  'promotion-failed': '❌ failed',
}

/** Row P24: how far the artifact has come through the environments, by the last promotion to each. Events are untrusted text. */
export const promotionSection = ({ plan, events }: TicketFacts): string => {
  const { environments } = promotion(plan)
  const rows = environments.map((environment, index) => {
    if (index === environments.length - 1) return `| ${inline(environment)} | by the release | | | |`
    const last = events.findLast(
      ({ kind, data }) => marks[kind] !== undefined && data['environment'] === environment,
    )
    if (!last) return `| ${inline(environment)} | – | | | |`
    const { kind, at, data, actor } = last
    const { 'artifact-digest': digest, confirmed, error } = data
    const cells = [
      inline(environment),
      marks[kind] ?? '',
      at.slice(0, 16).replace('T', ' '),
      typeof digest === 'string' ? code(digest.slice(0, 19)) : code(plan.sha.slice(0, 12)),
      inline(`${String(confirmed ?? error ?? '')}${actor ? ` (${actor})` : ''}`.trim(), 200),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return `## Promotion\n\n| environment | | at (UTC) | artifact | |\n|---|---|---|---|---|\n${rows.join('\n')}`
}
