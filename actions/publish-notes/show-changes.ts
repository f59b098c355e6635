import { ConfigurationError } from '@relman/core/config/configuration-error'
import { GitHubError } from '@relman/core/ports/github-error'
import { readPlan } from '@relman/core/runtime/exposure/read-plan'
import type { Outcome } from '@relman/core/runtime/outcome'
import type { RunContext } from '@relman/core/runtime/run-context'
import { newestReleases } from '@relman/core/schedule/recorded-windows'
import { code, inline } from '@relman/core/text/escape-markdown'
import { type Current, currentReleases } from '@relman/core/whereabouts/current-releases'
import { contextOf, latestWord, type Whereabouts, whereabouts } from '@relman/core/whereabouts/whereabouts'
import type { Inputs } from './inputs.ts'
import type { Ports } from './ports.ts'

/** GitHub takes 80 writes a minute and 500 an hour from one account. */
const mostWrites = 60

/**
 * Says on each change where it is, as a status of its commit (row C6): of the release of a plan, or of every release that is
 * under way. What stands there already is not written again; a token without the right writes nothing and stops nothing.
 */
export const showChanges = async (input: Inputs, context: RunContext, ports: Ports): Promise<Outcome> => {
  const { store, github, clock, dryRun } = ports
  const current = input.digest === '' ? null : await ofPlan(input.digest, ports)
  const releases = current ?? currentReleases(await store.neighbours(newestReleases), clock.now())
  const services = [...new Set(releases.map(({ service }) => service))]
  const counts = { commits: 0, written: 0, left: 0 }
  try {
    for (const service of services) {
      const told: Whereabouts[][] = []
      for (const release of releases.filter((one) => one.service === service))
        told.push((await lookUp(release, ports)) ?? [])
      const wanted = latestWord(told)
      const name = contextOf(service)
      const shas = wanted.map(({ sha }) => sha)
      const there = new Map((await github.commitStatuses.read(name, shas)).map((one) => [one.sha, one]))
      const missing = wanted.filter(
        ({ sha, state, description }) =>
          there.get(sha)?.state !== state || there.get(sha)?.description !== description,
      )
      counts.commits += wanted.length
      for (const one of missing) {
        if (counts.written >= mostWrites) counts.left += 1
        else {
          if (!dryRun) await github.commitStatuses.write({ ...one, context: name, url: context.runUrl })
          counts.written += 1
        }
      }
    }
  } catch (error) {
    if (!(error instanceof GitHubError) || error.reasonCode !== 'permission-missing') throw error
    return outcome(releases, counts, dryRun, error.message)
  }
  return outcome(releases, counts, dryRun, '')
}

const ofPlan = async (digest: string, { store }: Ports): Promise<Current[]> => {
  const { service, version } = await readPlan(store, digest)
  return [{ service, release: version, digest, events: await store.events(service, version) }]
}

const lookUp = async (release: Current, { store, github }: Ports): Promise<Whereabouts[] | null> => {
  const { events, digest } = release
  const plan = await readPlan(store, digest).catch((error: unknown) => {
    // A plan that this version cannot read has nothing to show, and holds up no other.
    if (error instanceof ConfigurationError) return null
    throw error
  })
  if (plan === null) return null
  const deployment = events.findLast(({ kind }) => kind === 'started')?.data['deployment']
  // What is told while it is under way is worth a request; where it may not be read, the record says enough.
  const statuses =
    typeof deployment === 'number'
      ? await github.deployments.statuses(deployment).catch((error: unknown) => {
          if (error instanceof GitHubError && error.reasonCode === 'permission-missing') return []
          throw error
        })
      : []
  return whereabouts({ plan, digest, events, statuses })
}

type Counts = { commits: number; written: number; left: number }

const outcome = (
  releases: readonly Current[],
  { commits, written, left }: Counts,
  dryRun: boolean,
  trouble: string,
): Outcome => {
  const names = releases.map(({ service, release }) => `${service} ${release}`)
  const of = names.length === 0 ? 'no release is under way' : names.slice(0, 10).join(', ')
  const rest = left > 0 ? `; ${left} more are left to the next run` : ''
  const message =
    trouble === ''
      ? `${of}: ${written} of ${commits} commits ${dryRun ? 'would get' : 'got'} a new status${rest}`
      : `the changes of ${of} carry no status: ${trouble}`
  return {
    decision: dryRun ? 'would-show' : trouble === '' ? 'shown' : 'not-shown',
    reasonCode: trouble === '' ? 'changes-shown' : 'permission-missing',
    message,
    failed: false,
    outputs: { state: '', url: '' },
    data: { releases: names, commits, written, left },
    summary: `# Where the changes are\n\n${inline(message, 600)}${names.length > 0 ? `\n\n${names.map((name) => `- ${code(name)}`).join('\n')}` : ''}`,
  }
}
