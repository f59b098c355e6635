import type { RunnerEvent } from '../runner/events.ts'

/** Turns events into the plain lines that a person or a log reads; null where nothing is worth saying. */
export const line = (event: RunnerEvent, startedAt: number): string | null => {
  const said = sentence(event)
  return said === null ? null : `${((event.at - startedAt) / 1000).toFixed(1).padStart(6)} s  ${said}`
}

const sentence = (event: RunnerEvent): string | null => {
  switch (event.type) {
    case 'run-started':
      return `run ${event.runId}: ${event.name} (${event.event})`
    case 'run-finished':
      return `run ${event.runId}: ${event.conclusion}${event.errors.map((error) => `\n         ${error}`).join('')}`
    case 'job-waiting':
      return `${event.name}: waits for ${event.reason} of ${event.of}`
    case 'job-approved':
      return `${event.name}: approved by ${event.by} in ${event.environment}`
    case 'job-rejected':
      return `${event.name}: rejected by ${event.by} in ${event.environment}`
    case 'job-started':
      return `${event.name}: started`
    case 'job-finished':
      return event.result === 'skipped'
        ? null
        : `${event.name}: ${event.result} after ${event.seconds.toFixed(1)} s`
    case 'runner-lost':
      return `${event.name}: its runner is lost`
    case 'annotation':
      return event.level === 'error' ? `  ! ${event.title ? `${event.title}: ` : ''}${event.message}` : null
    case 'log':
      return /^step \d+ at /.test(event.line) ? `  ${event.line}` : null
    default:
      return null
  }
}
