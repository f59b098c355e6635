import type { Played, PlayedRun } from '../play/played.ts'
import { escapeHtml } from './escape-html.ts'

const signs: Record<string, string> = { success: '✓', failure: '✗', cancelled: '⊘', skipped: '–' }
const colours: Record<string, string> = {
  success: 'var(--green)',
  failure: 'var(--red)',
  cancelled: 'var(--soft)',
}
const row = 26
const width = 940
const labels = 250

/** The jobs of a run as bars against time, as GitHub's own page lists them. */
export const drawJobs = (run: PlayedRun, played: Played): string => {
  const jobs = run.jobs
  const span = Math.max(1, played.endedAt - played.startedAt)
  const x = (at: number) => labels + ((at - played.startedAt) / span) * (width - labels - 60)
  const bars = jobs.map((job, index) => {
    const y = index * row
    const name = `<text class="bar" x="0" y="${y + 17}"><tspan fill="${colours[job.result] ?? 'var(--soft)'}">${signs[job.result] ?? '•'}</tspan> ${escapeHtml(job.name)}</text>`
    if (job.startedAt === null)
      return `${name}<text class="axis" x="${labels}" y="${y + 17}">${escapeHtml(job.result)}</text>`
    const from = x(job.startedAt)
    const long = Math.max(3, x(job.startedAt + job.seconds * 1000) - from)
    return `${name}<rect x="${from.toFixed(1)}" y="${y + 5}" width="${long.toFixed(1)}" height="15" rx="4" fill="${colours[job.result] ?? 'var(--soft)'}" opacity=".75"/><text class="axis" x="${(from + long + 6).toFixed(1)}" y="${y + 17}">${job.seconds.toFixed(1)} s</text>`
  })
  return `<figure><figcaption><b>${escapeHtml(run.workflow.replace(/^.github.workflows.(rehearsed-)?/, ''))}</b> <span class="soft">run ${run.id}: ${escapeHtml(run.conclusion)}</span></figcaption>
<svg viewBox="0 0 ${width} ${Math.max(1, jobs.length) * row + 6}" role="img" aria-label="Jobs of run ${run.id}">${bars.join('')}</svg></figure>`
}
