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
${trouble(played, document)}
${tiles(document)}
<h2>What the users got</h2>
${drawCharts(played)}
${steps(document)}
<h2>What ran</h2>
${played.runs.map((run) => drawJobs(run, played)).join('\n')}
${decisions(played)}
<h2>What each job said</h2>
${summaries(played, document)}
${ticket(played)}
<h2>The record</h2>
<p class="story">Events of the branch <code>relman-record</code>; those of the rollout are appended by the job <code>record</code> when it is over.</p>
${record(played)}
<h2>What was real, and what was not</h2>
${honesty(played)}
</main></body></html>
`

const ending = ({ outcome, previous, reasonCode, recoverySeconds }: Document): string =>
  ({
    released: 'Every step was proven before the next, and all traffic is on the new version.',
    'rolled-back': `All traffic is back on ${previous}${recoverySeconds === null ? '' : ` ${recoverySeconds} s after the fault was found`} (${reasonCode}).`,
    refused: `Nobody was exposed (${reasonCode}).`,
    failed: `It did not end as it should (${reasonCode}).`,
  })[outcome]

/** What relman itself said when it stopped: whoever opens the page wants the reason first. */
const trouble = ({ events }: Played, { outcome }: Document): string => {
  if (outcome === 'released') return ''
  const first = events.find(
    (event) => event.type === 'annotation' && event.level === 'error' && /^relman /.test(event.title ?? ''),
  )
  if (first?.type !== 'annotation') return ''
  return `<p class="trouble"><b>${escapeHtml(first.title ?? '')}</b><br>${escapeHtml(first.message)}</p>`
}

const tile = (value: string, name: string): string =>
  `<div class="tile"><b>${escapeHtml(value)}</b><span>${escapeHtml(name)}</span></div>`

const tiles = (document: Document): string => {
  const { requests, detectedSeconds, recoverySeconds } = document
  const failed = requests.total === 0 ? '–' : `${((requests.failed / requests.total) * 100).toFixed(3)} %`
  return `<div class="tiles">${[
    tile(`${document.previous} → ${document.version}`, 'version'),
    tile(`${Math.round(document.traffic.canary * 100)} %`, 'traffic on the new version at the end'),
    ...(detectedSeconds === null ? [] : [tile(`${detectedSeconds} s`, 'from the fault to the verdict')]),
    ...(recoverySeconds === null
      ? []
      : [tile(`${recoverySeconds} s`, 'from the verdict to the last request on the new version')]),
    tile(requests.total.toLocaleString('en'), 'requests served'),
    tile(failed, 'of them failed'),
    tile(`${document.seconds} s`, 'the whole rehearsal'),
  ].join('')}</div>`
}

const table = (head: string[], rows: string[][]): string =>
  `<table><thead><tr>${head.map((cell) => `<th>${escapeHtml(cell)}</th>`).join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map((cell) => `<td${cell.length < 10 ? ' class="short"' : ''}>${cell}</td>`).join('')}</tr>`).join('')}</tbody></table>`

const steps = ({ steps }: Document): string =>
  steps.length === 0
    ? ''
    : table(
        ['share asked for', 'verdict', 'how long', 'share that the service counted'],
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

const summaries = ({ events }: Played, { outcome }: Document): string =>
  events
    .map((event) => {
      if (event.type !== 'summary' || event.markdown.trim() === '') return ''
      const open = outcome === 'rolled-back' && wayBack.test(event.job) ? ' open' : ''
      return `<details${open}><summary>${escapeHtml(event.job)}<span class="said">${escapeHtml(headline(event.markdown))}</span></summary><div class="body">${renderMarkdown(event.markdown)}</div></details>`
    })
    .join('\n')

/** What stands in the place where people talk about the release. */
const ticket = ({ ticket }: Played): string =>
  ticket === null
    ? ''
    : `<h2>The release ticket</h2>
<details><summary>As it stands at the end, with its comments<span class="said">${escapeHtml(headline(ticket))}</span></summary><div class="body">${renderMarkdown(ticket)}</div></details>`

/** The jobs whose page is read at 3 a.m. */
const wayBack = /(undo|watch)$/

/** The first heading of a page. */
const headline = (markdown: string): string =>
  (/^#+ (.*)$/m.exec(markdown)?.[1] ?? '').replaceAll(/\\(\W)/g, '$1').slice(0, 140)

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

const honesty = ({ events, scenario, arguments: { seed } }: Played): string => {
  const replaced = [...new Set(events.flatMap((event) => (event.type === 'replaced' ? [event.action] : [])))]
  const lost =
    scenario.event === 'lose-runner' || scenario.event === 'lose-run'
      ? '<li>Shortened: GitHub needs minutes to notice a lost machine, and starts a schedule at its next time or later; here both take seconds.</li>'
      : ''
  return `<ul><li>Real: the git history, relman's actions (the committed bundles, run as processes), relman's workflows, the judge, every request and every response time.</li>
<li>Embedded: GitHub (requests and replies checked against its published API descriptions), the runner (GitHub's own parser and expression packages), the service, its users, its metrics.</li>
<li>Rehearsal margins, not production defaults: looks of a second, margins of up to 3 percentage points, 1,000 requests a second, seed ${seed}.</li>${lost}
<li>Replaced by built-in steps: ${replaced.length > 0 ? replaced.map((name) => `<code>${escapeHtml(name)}</code>`).join(', ') : 'nothing'}.</li></ul>`
}
