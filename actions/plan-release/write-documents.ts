import { showAsked } from '@relman/core/caution/show-asked'
import { requestChange } from '@relman/core/change-request/change-request'
import { communicationPlan } from '@relman/core/communication/communication-plan'
import { showCommunication } from '@relman/core/communication/show-communication'
import type { Plan } from '@relman/core/plan/plan'
import { promotion } from '@relman/core/promotion/promotion'
import { showArtifacts } from '@relman/core/promotion/show-artifacts'
import { showPromotion } from '@relman/core/promotion/show-promotion'
import { riskRegister } from '@relman/core/register/risk-register'
import { showRegister } from '@relman/core/register/show-register'
import { roster } from '@relman/core/roster/roster'
import { showRoster } from '@relman/core/roster/show-roster'
import { inline } from '@relman/core/text/escape-markdown'

type Write = (name: string, text: string) => Promise<string>

/**
 * Writes what follows from the plan for the people around it, beside plan.json: `risk-register.md`,
 * `communication-plan.md`, `people.md`, `artifacts.md` where one is configured, `change-request.json`. Gives the pages for the summary, folded.
 *
 * @throws ConfigurationError where promotion.environments contradicts the rollout
 */
export const writeDocuments = async (plan: Plan, digest: string, write: Write): Promise<string> => {
  const risks = riskRegister(plan)
  const open = risks.filter(({ state }) => state === 'open').length
  const people = roster(plan)
  const alone = people.absences.filter(({ deputy }) => deputy === null).length
  const pages: [file: string, title: string, text: string][] = [
    [
      'risk-register.md',
      `Risk register: ${risks.length} ${risks.length === 1 ? 'risk' : 'risks'}, ${open} open`,
      showRegister(plan, risks),
    ],
    ['communication-plan.md', 'Communication plan', showCommunication(plan, communicationPlan(plan))],
    [
      'people.md',
      `People${alone > 0 ? `: ${alone} away with nobody in their place` : ''}`,
      `${showRoster(plan, people)}\n${showPromotion(promotion(plan))}`,
    ],
  ]
  const artifacts = showArtifacts(plan)
  if (artifacts !== '') pages.push(['artifacts.md', artifactTitle(plan), artifacts])
  for (const [file, , text] of pages) await write(file, text)
  await write('change-request.json', `${JSON.stringify(requestChange(plan, digest), null, 2)}\n`)
  return [learnt(plan), purpose(plan), ...pages.map(([, title, text]) => folded(title, text))]
    .filter((part) => part !== '')
    .join('\n\n')
}

const artifactTitle = ({ artifacts }: Plan): string => {
  const items = artifacts?.items ?? []
  const known = items.filter(({ digest }) => digest !== null).length
  const verified = items.filter(({ signature }) => signature.state === 'verified').length
  return `Artifacts: ${known} of ${items.length} with a digest, ${verified} with a verified signature`
}

const folded = (title: string, text: string): string =>
  `<details><summary>${title}</summary>\n\n${text.replace(/^# .*\n+/, '').trimEnd()}\n\n</details>`

/** Row L6: what past releases changed in this plan. */
const learnt = ({ lessons, proposed, asked }: Plan): string => {
  if (lessons.length + proposed.length === 0) return ''
  const lines = lessons.map(
    ({ from, why, change }) => `- ${inline(change)}, because ${inline(why, 200)} (${inline(from)})`,
  )
  const suggested = proposed
    .filter(({ from }) => !asked.some((lesson) => lesson.from === from))
    .map(({ from, why, text }) => `- ${inline(text, 400)}, because ${inline(why, 200)} (${inline(from)})`)
  return [
    ...(lines.length > 0 ? ['## What past releases changed in this plan', lines.join('\n')] : []),
    ...(asked.length > 0
      ? ['## Criteria of past releases', asked.map((lesson) => `- ${showAsked(lesson)}`).join('\n')]
      : []),
    ...(suggested.length > 0
      ? [
          '## Criteria that past releases ask for',
          suggested.join('\n'),
          'Nothing holds this release to them: add them to `metrics` of the policy.',
        ]
      : []),
  ].join('\n\n')
}

/** Row P21: what the release is for, and what will be looked up afterwards. */
const purpose = ({ policy }: Plan): string => {
  const { theme, objectives } = policy.purpose
  if (!theme && objectives.length === 0) return ''
  const measured = new Set((policy.metrics?.checks ?? []).map(({ name }) => name))
  const lines = objectives.map(({ text, metric, want }) => {
    const how = !metric
      ? '**not measured by anything**'
      : measured.has(metric)
        ? `measured by ${inline(metric)} once it is live${want === undefined ? '' : `, wanted ${inline(want)}`}`
        : `${inline(metric)}, looked up in the review`
    return `- ${inline(text)}: ${how}`
  })
  return [
    `## What it is for${theme ? `: ${inline(theme)}` : ''}`,
    ...(lines.length > 0 ? [lines.join('\n')] : []),
  ].join('\n\n')
}
