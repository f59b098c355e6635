/** What a metric is held to. Shares: 0.001 is 0.1 percentage point. */
export type Bound =
  /** `1.2 × baseline` */
  | { is: 'times'; times: number }
  /** `baseline + 0.1 %`; negative after a minus */
  | { is: 'plus'; points: number }
  /** `1 %`, as a share */
  | { is: 'share'; share: number }
  /** `300 ms`, in seconds */
  | { is: 'seconds'; seconds: number }
  /** `100` */
  | { is: 'number'; number: number }

/** A criterion as its author wrote it, read. `quantile` is 0.99 for p99; `check` is null where only a quantile stands. */
export type WrittenCriterion = {
  text: string
  check: string | null
  quantile: number | null
  side: 'below' | 'above'
  bound: Bound
  /** Where in the text the check and the limit stand. */
  at: { check: number; bound: number }
}

/** What is wrong with a text, and at which character of it (from 0). */
export type CriterionFault = { at: number; message: string }

/** For messages: every form that can be written. */
export const forms = '"error-rate < baseline + 0.1 %", "p99 < 1.2 × baseline" or "http-5xx < 1 %"'
