import type { Clock } from '../../ports/clock.ts'
import type { TrafficRouter } from '../../ports/traffic.ts'

export type Driver = {
  router: TrafficRouter
  clock: Clock
  /** How long a move may take to show when it is read back, in seconds. */
  confirmSeconds: number
  log: (line: string) => void
}

/** How far a weight that is read back may be off: a driver may round, it may not guess. */
const tolerance = 0.01
const attempts = 3

export const same = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance

/** Moves and reads back; a move that fails or does not show is made again. Throws when it never shows. */
export const moveTraffic = async (driver: Driver, weight: number, signal: AbortSignal): Promise<void> => {
  let fault: unknown
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    try {
      await driver.router.set(weight, signal)
      await confirm(driver, weight, driver.confirmSeconds, signal)
      return
    } catch (error) {
      signal.throwIfAborted()
      fault = error
      driver.log(`attempt ${attempt} of ${attempts} to set ${weight} %: ${sentence(error)}`)
    }
  }
  throw fault
}

/** Reads until the weight shows. @throws Error when it does not within `seconds` */
const confirm = async (
  { router, clock }: Driver,
  weight: number,
  seconds: number,
  signal: AbortSignal,
): Promise<void> => {
  const end = clock.now() + seconds * 1000
  for (let pause = 100; ; pause = Math.min(2 * pause, 1000)) {
    const shown = await router.read(signal)
    if (same(shown, weight)) return
    if (clock.now() + pause > end) throw new Error(`set to ${weight} %, but ${shown} % is read back`)
    await clock.sleep(pause, signal)
  }
}

export type Return = {
  returned: boolean
  seconds: number
  attempts: number
  weight: number | null
  fault: string | null
}

/**
 * Brings all traffic back to the stable version and reads that back; tries again with growing pauses while `seconds`
 * are not over. With `hard`, an attempt that is under way when they are over is ended too. After a move that was cut short
 * (`unsettled`) it looks again a second later: what was cut may still arrive. Never throws.
 */
export const returnTraffic = async (
  driver: Driver,
  seconds: number,
  { hard = false, unsettled = false } = {},
): Promise<Return> => {
  const { clock } = driver
  const start = clock.now()
  const signal = hard ? AbortSignal.timeout(seconds * 1000) : new AbortController().signal
  const spent = () => (clock.now() - start) / 1000
  let fault: string | null = null
  for (let attempt = 1, pause = 250; ; attempt += 1, pause = Math.min(2 * pause, 5000)) {
    try {
      await driver.router.set(0, signal)
      await confirm(driver, 0, Math.min(driver.confirmSeconds, 5), signal)
      const took = spent()
      if (unsettled) await clock.sleep(1000).then(() => confirm(driver, 0, 0, signal))
      return { returned: true, seconds: took, attempts: attempt, weight: 0, fault: null }
    } catch (error) {
      fault = sentence(error)
      driver.log(`attempt ${attempt} to return traffic: ${fault}`)
    }
    if (signal.aborted || spent() + pause / 1000 >= seconds) {
      const weight = await driver.router.read(AbortSignal.timeout(1000)).catch(() => null)
      return { returned: false, seconds: spent(), attempts: attempt, weight, fault }
    }
    await clock.sleep(pause, signal).catch(() => undefined)
  }
}

/** One line that cannot be mistaken for a command of the runner. */
export const sentence = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .replace(/\s+/g, ' ')
    .replaceAll('##[', '## [')
    .slice(0, 500)
