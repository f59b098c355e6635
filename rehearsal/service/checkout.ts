import { type Fault, noFault } from './fault.ts'
import { normal, type Random } from './random.ts'

/** What the checkout will answer to one request, and after how many milliseconds. */
export interface Outcome {
  status: 200 | 500
  latency: number
  order: boolean
  dependencyFailed: boolean
  /** True where the fault, and not chance, made this answer what it is. */
  faulty: boolean
}

const share = {
  error: 0.0001,
  faultyError: 0.05,
  slow: 0.01,
  faultySlow: 0.11,
  dependencyFailure: 0.0001,
  faultyDependencyFailure: 0.05,
  order: 0.5,
  lostOrder: 0.5,
}

/**
 * Draws what happens to one request. The latency of a quick one is log-normal (median 20 ms, cut at 150 ms), of a
 * slow one even between 550 and 900 ms: so the share above the histogram's edge at 500 ms is the share of slow
 * requests, even where a busy machine stalls a process for a third of a second. Takes the same count of random
 * numbers whatever the fault, so that a run with a fault and its control differ in the fault only.
 */
export function drawOutcome(random: Random, fault: Fault['name'] = noFault.name): Outcome {
  const [failing, slowness, dependency, ordering, losing] = [random(), random(), random(), random(), random()]
  const quick = Math.min(150, 20 * Math.exp(0.5 * normal(random)))
  const late = 550 + 350 * random()

  const failed = failing < (isErrors(fault) ? share.faultyError : share.error)
  const slow = slowness < (fault === 'slow-tail' ? share.faultySlow : share.slow)
  const dependencyFailed =
    dependency < (fault === 'dependency' ? share.faultyDependencyFailure : share.dependencyFailure)
  const wanted = !failed && ordering < share.order
  const lost = wanted && fault === 'business-decline' && losing < share.lostOrder
  return {
    status: failed ? 500 : 200,
    latency: slow ? late : quick,
    order: wanted && !lost,
    dependencyFailed,
    faulty:
      lost ||
      (failed && failing >= share.error) ||
      (slow && slowness >= share.slow) ||
      (dependencyFailed && dependency >= share.dependencyFailure),
  }
}

function isErrors(fault: Fault['name']): boolean {
  return fault === 'errors' || fault === 'late-errors'
}
