/** The platform's own delays in milliseconds of real time. */
export type Delays = {
  /** After SIGINT and after SIGTERM. Real by default: what a step can do in its grace must not shrink. */
  interruptMs: number
  terminateMs: number
  /** How long the output of an ended process is waited for. */
  streamMs: number
  /** From a cancel request until GitHub ends everything that still runs. */
  cancelWindowMs: number
  /** Until a runner that says nothing is given up. */
  heartbeatMs: number
  /** An approval that does not come fails its job. */
  approvalMs: number
  /** One minute of an environment's wait timer. */
  waitMinuteMs: number
  /** One minute of `timeout-minutes`. Real by default: the work it bounds takes real time. */
  timeoutMinuteMs: number
}

const minute = 60_000

/**
 * GitHub's delays, those of the platform multiplied by `scale`. Sources: runner ProcessInvoker.cs (7.5 s, 2.5 s, 5 s);
 * docs workflow-cancellation (five minutes); docs control-deployments (30 days). A runner renews its job's lock each
 * minute (runner JobDispatcher.cs); after how long without it GitHub gives the job up is not published: ten minutes
 * are assumed.
 */
export function delaysOf(scale: number, own: Partial<Delays> = {}): Delays {
  return {
    interruptMs: 7500,
    terminateMs: 2500,
    streamMs: 5000,
    // Never shorter than two graces, which are real: else the cut would take what GitHub leaves time for.
    cancelWindowMs: Math.max(5 * minute * scale, 20_000),
    heartbeatMs: 10 * minute * scale,
    approvalMs: 30 * 24 * 60 * minute * scale,
    waitMinuteMs: minute * scale,
    timeoutMinuteMs: minute,
    ...own,
  }
}

/** A timer that may be longer than setTimeout's 24.8 days. @returns a function that stops it. */
export function after(ms: number, act: () => void): () => void {
  const longest = 2 ** 31 - 1
  let timer: NodeJS.Timeout
  const arm = (left: number) => {
    timer = setTimeout(() => (left > longest ? arm(left - longest) : act()), Math.min(left, longest))
  }
  arm(ms)
  return () => clearTimeout(timer)
}
