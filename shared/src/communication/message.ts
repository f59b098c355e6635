import type { Moment } from '../config/people-policy.ts'

/** Who hears what, when and where. `at` is ISO 8601, or null: when it happens. */
export type Message = { moment: Moment; at: string | null; who: string; channel: string; what: string }

/** Work that others wait for before they can tell or help, with its owner and the time it is due (ISO 8601). */
export type Preparation = {
  id: string
  name: string
  owner: string
  due: string
  late: boolean
  optional: boolean
}
