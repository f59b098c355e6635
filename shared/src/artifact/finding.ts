/** One condition that artifacts must meet, and what was seen. */
export type Finding = {
  id: string
  text: string
  threshold: string
  observed: string | null
  state: 'pass' | 'fail' | 'missing' | 'excepted'
  reason: string
  remedy: string
}

/** What differs between an artifact that passes and one that does not. */
export type Fault = Pick<Finding, 'state' | 'reason' | 'remedy'>

export const passes: Fault = { state: 'pass', reason: '', remedy: '' }
export const fails = (reason: string, remedy: string): Fault => ({ state: 'fail', reason, remedy })

/** Evidence that is missing: it counts against a release where the policy asks for it, and is shown where it does not. */
export const lacks = (asked: boolean, reason: string, remedy: string): Fault => ({
  state: asked ? 'missing' : 'excepted',
  reason,
  remedy: asked ? remedy : `${remedy}; the policy does not require it (artifacts.require)`,
})
