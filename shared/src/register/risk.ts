/** One risk of a release, with what is done about it and by whom. Text may hold titles of changes: it is untrusted. */
export type Risk = {
  /** Stable within a plan: `change-812`, `database`, `no-metric`. */
  id: string
  level: 'low' | 'medium' | 'high'
  what: string
  /** How it would be noticed. */
  noticed: string
  mitigation: string
  owner: string
  /** `open`: nothing is in place that mitigates it. */
  state: 'mitigated' | 'open'
}
