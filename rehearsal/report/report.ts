import type { Document } from '../outcome/document.ts'
import type { Played } from '../play/played.ts'
import { drawCharts } from './charts.ts'
import { escapeHtml } from './escape-html.ts'
import { drawJobs } from './job-timeline.ts'
import { renderMarkdown } from './markdown.ts'
import { style } from './style.ts'

const words = { released: 'Released', 'rolled-back': 'Rolled back', refused: 'Refused', failed: 'Failed' }

/** One page, no network, no script: the rehearsal as GitHub and a dashboard would show it together. */
export const writeReport = (played: Played, document: Document): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(`${played.repository} ${document.version}: ${words[document.outcome]}`)}</title><style>${style}</style></head><body><main>
<h1><span class="badge ${document.outcome}">${words[document.outcome]}</span>${escapeHtml(`${played.repository} ${document.version}`)}</h1>
<p class="story">Rehearsal of the scenario <b>${escapeHtml(played.arguments.scenario)}</b>: ${escapeHtml(played.scenario.story)}${played.arguments.faultOff ? ' (switched off)' : ''}. ${escapeHtml(ending(document))}</p>
${tiles(document)}
<h2>What the users got</h2>
${drawCharts(played)}
${steps(document)}
<h2>What ran</h2>
${played.runs.map((run) => drawJobs(run, played)).join('\n')}
${decisions(played)}
<h2>What each job said</h2>
${summaries(played)}
<h2>The record</h2>
${record(played)}
<h2>What was real, and what was not</h2>
${honesty(played)}
</main></body></html>
`

const ending = ({ outcome, previous, reasonCode, recoverySeconds }: Document): string =>
  ({
    released: 'Every step was proven before the next, and all traffic is on the new version.',
    'rolled-back': `All traffic is back on ${previous}${recoverySeconds === null ? '' : ` ${recoverySeconds} s after the first sign`} (${reasonCode}).`,
    refused: `Nobody was exposed (${reasonCode}).`,
    failed: `It did not end as it should (${reasonCode}).`,
  })[outcome]

const tile = (value: string, name: string): string =>
  `<div class="tile"><b>${escapeHtml(value)}</b><span>${escapeHtml(name)}</span></div>`

const tiles = (document: Document): string => {
  const { requests } = document
  const failed = requests.total === 0 ? '–' : `${((requests.failed / requests.total) * 100).toFixed(3)} %`
  const seconds = (value: number | null) => (value === null ? '–' : `${value} s`)
  return `<div class="tiles">${[
    tile(`${document.previous} → ${document.version}`, 'version'),
    tile(`${Math.round(document.traffic.canary * 100)} %`, 'traffic on the new version at the end'),
    tile(seconds(document.detectedSeconds), 'from fault to verdict'),
    tile(seconds(document.recoverySeconds), 'from verdict to the last request it served'),
    tile(requests.total.toLocaleString('en'), 'requests served'),
    tile(failed, 'of them failed'),
    tile(seconds(document.seconds), 'whole rehearsal'),
  ].join('')}</div>`
}

const table = (head: string[], rows: string[][]): string =>
  `<table><thead><tr>${head.map((cell) => `<th>${escapeHtml(cell)}</th>`).join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')}</tbody></table>`

const steps = ({ steps }: Document): string =>
  steps.length === 0
    ? ''
    : table(
        ['weight', 'verdict', 'bake', 'share that the service counted'],
        steps.map(({ weight, verdict, seconds, observed }) => [
          `${weight} %`,
          escapeHtml(verdict),
          `${seconds} s`,
          observed === null ? '–' : `${(observed * 100).toFixed(2)} %`,
        ]),
      )

const decisions = ({ decisions }: Played): string =>
  decisions.length === 0
    ? ''
    : table(
        ['sign-off environment', 'decision', 'by', 'comment'],
        decisions.map(({ environment, state, by, comment }) =>
          [environment, state, by, comment].map(escapeHtml),
        ),
      )

const summaries = ({ events }: Played): string =>
  events
    .map((event) =>
      event.type === 'summary' && event.markdown.trim() !== ''
        ? `<details><summary>${escapeHtml(event.job)}</summary><div class="body">${renderMarkdown(event.markdown)}</div></details>`
        : '',
    )
    .join('\n')

const record = ({ record, startedAt }: Played): string =>
  table(
    ['release', '#', 'after', 'event', 'by', 'what'],
    record.map(({ release, seq, at, kind, actor, data }) => [
      escapeHtml(release),
      String(seq),
      `${((Date.parse(at) - startedAt) / 1000).toFixed(1)} s`,
      escapeHtml(kind),
      escapeHtml(actor),
      `<span class="mono">${escapeHtml(brief(data))}</span>`,
    ]),
  )

const brief = (data: Record<string, unknown>): string =>
  Object.entries(data)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '')
    .map(([name, value]) => `${name}: ${String(value).slice(0, 80)}`)
    .join(', ')
    .slice(0, 300)

const honesty = ({ events, arguments: { seed } }: Played): string => {
  const replaced = [...new Set(events.flatMap((event) => (event.type === 'replaced' ? [event.action] : [])))]
  return `<ul><li>Real: the git history, relman's actions (the committed bundles, run as processes), relman's workflows, the judge, every request and every response time.</li>
<li>Embedded: GitHub (requests and replies checked against its published API descriptions), the runner (GitHub's own parser and expression packages), the service, its users, its metrics.</li>
<li>Rehearsal margins, not production defaults: looks of a second, margins of up to 3 percentage points, 1,000 requests a second, seed ${seed}.</li>
<li>Replaced by built-in steps: ${replaced.length > 0 ? replaced.map((name) => `<code>${escapeHtml(name)}</code>`).join(', ') : 'nothing'}.</li></ul>`
}
