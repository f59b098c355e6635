import type { RecordStore } from '@relman/core/ports/record-store'
import type { Rung } from '@relman/core/rollout/ladder'
import { readFence } from '@relman/core/runtime/exposure/fence'
import { moveTraffic, same, sentence } from '@relman/core/runtime/exposure/move-traffic'
import type { Walk } from './walk.ts'

export type Fencing = { record: Pick<RecordStore, 'service'>; digest: string; token: number }

/** `foreign`: the traffic is another rollout's now, and not ours to touch. */
export type Fault = { reason: string; detail: string; foreign?: true }

/** The moves of a walk, one at a time, each beside the looks. */
export type Exposure = {
  /** Begins a move; `again` repeats one that was never confirmed. */
  start(rung: Rung, again: boolean): void
  moving(): boolean
  /** Why the last move failed, once. */
  fault(): Fault | null
  /** True as soon as a move was written ahead, so that it may have reached the driver. */
  exposed(): boolean
  rung(): Rung | null
  weight(): number
  /** Rests so many seconds or until a move ends; true when the time was over and a fresh look is due. */
  rest(seconds: number, due: boolean): Promise<boolean>
  /** Ends a move that is under way. */
  stop(): Promise<void>
}

/** Reports and record are tried this long before a move that nobody may rely on is given up. */
const patience = 60
const pause = 2000

/** @throws nothing; a failed move is its `fault` */
export const openExposure = (w: Walk, signal: AbortSignal): Exposure => {
  const { clock, driver, reporter } = w
  let target: Rung | null = null
  let running: Promise<void> | null = null
  let fault: Fault | null = null
  let halt = new AbortController()

  const make = async (rung: Rung, again: boolean, stop: AbortSignal): Promise<void> => {
    const present = reporter.state().weight
    fault = (await checkFence(w, stop)) ?? (again ? null : await checkDrift(w, present, stop))
    if (fault) return
    stop.throwIfAborted()
    reporter.add('moved', { step: rung.step, weight: rung.weight })
    // Written ahead: whoever has to bring traffic back must know of every move that may have happened.
    if (!(await reporter.settled(patience * 1000))) {
      fault = {
        reason: 'report-failed',
        detail: 'the move could not be reported to GitHub, so it was not made',
      }
      return
    }
    stop.throwIfAborted()
    // Learnt as of the reported moment, so that the evidence job, which knows no other, judges by the same past.
    const [first, ...later] = reporter.state().visits
    if (first && later.length === 0 && !again) await w.watch.learn(Math.round(first.movedAt * 10) / 10, stop)
    target = rung
    await moveTraffic(driver, rung.weight, stop)
    reporter.add('confirmed', { step: rung.step, weight: rung.weight })
  }

  return {
    start: (rung, again) => {
      halt = new AbortController()
      const stop = AbortSignal.any([signal, halt.signal])
      running = make(rung, again, stop)
        .catch((error: unknown) => {
          if (!stop.aborted) fault = { reason: 'move-failed', detail: sentence(error) }
        })
        .finally(() => {
          running = null
        })
    },
    moving: () => running !== null,
    fault: () => fault,
    exposed: () => reporter.state().visits.length > 0,
    rung: () => target,
    weight: () => target?.weight ?? reporter.state().weight,
    rest: async (seconds, due) => {
      const over = new AbortController()
      const sleep = clock.sleep(seconds * 1000, AbortSignal.any([signal, over.signal])).then(
        () => true,
        () => false,
      )
      const slept = await (running ? Promise.race([sleep, running.then(() => false)]) : sleep)
      over.abort()
      return slept && due
    },
    stop: async () => {
      halt.abort(new Error('stopped by the way back'))
      await Promise.race([running ?? Promise.resolve(), clock.sleep(700).catch(() => undefined)])
    },
  }
}

/** The token is read again before each move; GitHub's short outages are waited out, watched all the while. */
const checkFence = async ({ plan, fencing, clock, log }: Walk, stop: AbortSignal): Promise<Fault | null> => {
  const end = clock.now() + patience * 1000
  for (;;) {
    stop.throwIfAborted()
    try {
      const fence = await readFence(fencing.record, plan.service, fencing.digest, fencing.token)
      if (fence === 'ours') return null
      if (fence === 'taken')
        return {
          reason: 'stale-token',
          detail: `another rollout of ${plan.service} holds the lease`,
          foreign: true,
        }
      return {
        reason: 'stale-token',
        detail: `the lease of ${plan.service} was given back; this rollout is settled`,
      }
    } catch (error) {
      log(`the record could not be read: ${sentence(error)}`)
      if (clock.now() + pause > end) return { reason: 'record-unreachable', detail: sentence(error) }
      await clock.sleep(pause, stop)
    }
  }
}

/** Someone or something else moved the traffic: the evidence is not about the weight that was judged. */
export const checkDrift = async (
  { driver, log }: Walk,
  present: number,
  stop: AbortSignal,
): Promise<Fault | null> => {
  let failure: unknown
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const shown = await driver.router.read(stop)
      if (same(shown, present)) return null
      return {
        reason: 'traffic-drift',
        detail: `the driver says ${shown} %, but the rollout stands at ${present} %`,
      }
    } catch (error) {
      stop.throwIfAborted()
      failure = error
      log(`the weight could not be read: ${sentence(error)}`)
    }
  }
  return { reason: 'move-failed', detail: sentence(failure) }
}
