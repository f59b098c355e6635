import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigurationError } from '../../config/configuration-error.ts'
import { checkProvider, type MetricsPolicy } from '../../config/metrics-policy.ts'
import type { Look } from '../../ports/metrics.ts'
import type { Prober } from '../../ports/prober.ts'
import { probeNotes, probeObservations, probesDown, type Span } from '../../probe/probe-observations.ts'
import { type Arm, addProbed, arms, emptyTally, type Tally } from '../../probe/tally.ts'
import type { Observation } from '../../verdict/observation.ts'
import { allowList } from '../network/allow-list.ts'
import { type Answer, request } from '../network/request.ts'
import { sharedLookup } from '../network/shared-lookup.ts'
import { badAnswer, type Probe, probeRequests } from './probe-requests.ts'

export type ProberSettings = {
  policy: MetricsPolicy | undefined
  version: string
  previous: string | null
  env: Record<string, string | undefined>
  /** Seconds between two looks: what is learnt before the first of them is cut in such pieces. */
  lookSeconds: number
}

/** Bytes of an answer that are read: it may be anything. */
const limit = 262_144
const now = () => Date.now() / 1000

/**
 * The probes that a policy names; null where it names none. Nothing is sent before `begin`. Each version gets the same
 * requests at the same moments, each on a connection of its own, so that a load balancer spreads them as it does users.
 *
 * @throws ConfigurationError where a secret is missing, or no previous version is there to compare with
 */
export const openProber = (settings: ProberSettings): Prober | null => {
  const { policy: metrics, version, previous, env, lookSeconds } = settings
  const policy = metrics?.probes
  if (!metrics || !policy) return null
  const checks = metrics.checks.filter((check) => checkProvider(metrics, check) === 'probes')
  if (checks.length === 0) return null
  if (previous === null)
    throw new ConfigurationError(
      'metrics.probes: there is no previous version to ask; leave probes away for a first release',
    )
  const versions = { canary: version, stable: previous }
  const probes = {
    canary: probeRequests(policy, 'canary', versions, env),
    stable: probeRequests(policy, 'stable', versions, env),
  }
  const allowPrivate = allowList(metrics.allow)
  const resolve = sharedLookup(5000)
  let halted = false
  const underWay = { canary: new Set<AbortController>(), stable: new Set<AbortController>() }
  const firstAnswer = { canary: new Map<string, number>(), stable: new Map<string, number>() }
  const told: Observation[] = []
  let tallies: Record<Arm, Tally> = { canary: emptyTally, stable: emptyTally }
  let refusal: string | null = null
  let mark = now()
  let exposedAt: number | null = null
  let round = 0
  let next = 0
  let timer: NodeJS.Timeout | undefined

  const add = (arm: Arm, change: (tally: Tally) => Tally) => {
    tallies = { ...tallies, [arm]: change(tallies[arm]) }
  }
  const bare = (text: string) => text.replace(/^v(?=\d)/, '')
  const take = (arm: Arm, probe: Probe, answer: Answer, seconds: number) => {
    const why = badAnswer(probe.expect, answer)
    const header = (name: string | undefined) => (name ? answer.headers[name.toLowerCase()] : undefined)
    const by = header(policy.answers.version)
    // A bad answer without a name is the proxy's on behalf of the version that was asked.
    const strayed =
      policy.answers.version && (by === undefined ? why === null : bare(by) !== bare(versions[arm]))
    if (strayed) return add(arm, (tally) => ({ ...tally, strayed: tally.strayed + 1 }))
    const instance = header(policy.answers.instance) ?? null
    add(arm, (tally) =>
      addProbed(tally, { instance, answered: true, good: why === null, seconds, why }, policy.edges),
    )
    const names = firstAnswer[arm]
    for (const name of tallies[arm].instances.keys())
      if (!names.has(name) && names.size < 200) names.set(name, now())
  }
  const send = async (arm: Arm, probe: Probe): Promise<void> => {
    if (underWay[arm].size >= policy.concurrency)
      return add(arm, (tally) => ({ ...tally, skipped: tally.skipped + 1 }))
    const own = new AbortController()
    underWay[arm].add(own)
    const began = performance.now()
    const { url, method, headers, body } = probe
    try {
      const sent = { url, method, headers, ...(body === undefined ? {} : { body }), signal: own.signal }
      const answer = await request({
        ...sent,
        timeoutSeconds: policy.timeout,
        limit,
        cut: true,
        allowPrivate,
        resolve,
      })
      if (!halted) take(arm, probe, answer, (performance.now() - began) / 1000)
    } catch (error) {
      if (halted) return
      const why = error instanceof Error ? error.message : String(error)
      if (error instanceof ConfigurationError) refusal = `probes: ${why}`
      else
        add(arm, (tally) =>
          addProbed(
            tally,
            { instance: null, answered: false, good: false, seconds: policy.timeout, why },
            policy.edges,
          ),
        )
    } finally {
      underWay[arm].delete(own)
    }
  }
  const beat = () => {
    if (halted) return
    for (const arm of arms) {
      const probe = probes[arm][round % probes[arm].length]
      if (probe) void send(arm, probe)
    }
    round += 1
    // Beats that a busy moment has swallowed are not made up for: nobody shall get a burst.
    const present = performance.now()
    next = Math.max(next + 1000 / policy.rate, present)
    timer = setTimeout(beat, next - present)
  }
  const stop = () => {
    halted = true
    clearTimeout(timer)
    for (const own of [...underWay.canary, ...underWay.stable]) own.abort()
  }
  const span = (to: number): Span => ({
    from: mark,
    to,
    edges: policy.edges,
    known: (arm) => [...firstAnswer[arm].keys()],
    age: (arm, name) =>
      arm === 'stable' ? null : Math.max(0, to - (firstAnswer.canary.get(name) ?? exposedAt ?? to)),
  })
  /** What was tallied since the mark; `stableOnly` before anybody is exposed. */
  const cut = (stableOnly: boolean): Look => {
    const to = now()
    const [counted, observations] = [tallies, probeObservations(tallies, checks, span(to))]
    const down = refusal ?? probesDown(counted)
    const notes = probeNotes(stableOnly ? { ...counted, canary: emptyTally } : counted, policy.concurrency)
    tallies = { canary: emptyTally, stable: emptyTally }
    refusal = null
    mark = to
    if (down !== null) return { observations: [], down, notes }
    const kept = stableOnly ? observations.map((one) => ({ ...one, canary: [] })) : observations
    told.push(...kept)
    return { observations: kept, down, notes }
  }
  /** The least time after which every version must have said something. */
  const patience = policy.timeout + 2 / policy.rate
  const heard = (arm: Arm) => tallies[arm].finished + tallies[arm].strayed > 0
  let learnt: Look = { observations: [], down: null }
  return {
    begin: async (seconds, signal) => {
      mark = now()
      signal.addEventListener('abort', stop, { once: true })
      signal.throwIfAborted()
      next = performance.now()
      beat()
      const end = mark + seconds
      while (now() < end - 0.001) {
        await sleep(1000 * Math.min(lookSeconds, end - now()), undefined, { signal })
        if (heard('stable') || refusal !== null) learnt = cut(true)
      }
      if (seconds > 0 && learnt.down === null && !told.some(({ stable }) => stable.length > 0)) {
        const [note = 'probes: the stable version has not answered yet'] = learnt.notes ?? []
        learnt = { observations: [], down: note }
      }
      return learnt.down
    },
    observe: () => {
      exposedAt ??= mark
      const waited = now() - mark
      if (!arms.every(heard) && refusal === null && waited < patience)
        return { observations: [], down: null, waiting: checks.map(({ name }) => name) }
      return cut(false)
    },
    past: (from, to) => {
      if (exposedAt === null && heard('stable')) learnt = cut(true)
      const inside = told.filter((one) => one.from >= from - 0.001 && one.to <= to + 0.001)
      return { ...learnt, observations: inside }
    },
    told: () => told,
    stop,
  }
}
