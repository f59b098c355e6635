/** What can go wrong, and how the release must end. */
export type Outcome = 'released' | 'rolled-back' | 'refused' | 'failed'

export type Scenario = {
  /** One line for the report. */
  story: string
  expected: Outcome
  /** A fault of the new version of the demo service. */
  fault?: 'errors' | 'slow-tail' | 'crash' | 'dependency' | 'business-decline' | 'late-errors' | 'no-data'
  /** What a person or the platform does. */
  event?:
    | 'cancel'
    | 'lose-runner'
    | 'lose-run'
    | 'reject'
    | 'unprotect'
    | 'red-check'
    | 'flaky-github'
    | 'start-twice'
}

const table = {
  healthy: { story: 'nothing is wrong', expected: 'released' },
  errors: { story: 'the new version fails 5 % of its requests', expected: 'rolled-back', fault: 'errors' },
  'slow-tail': {
    story: 'the share of slow requests goes from 1 to 11 % on the new version',
    expected: 'rolled-back',
    fault: 'slow-tail',
  },
  crash: { story: 'the process of the new version dies', expected: 'rolled-back', fault: 'crash' },
  dependency: {
    story: 'a dependency of the new version fails',
    expected: 'rolled-back',
    fault: 'dependency',
  },
  'business-decline': {
    story: 'the new version takes half as many orders',
    expected: 'rolled-back',
    fault: 'business-decline',
  },
  'late-errors': {
    story: 'the new version is healthy until it gets 25 % of the traffic',
    expected: 'rolled-back',
    fault: 'late-errors',
  },
  'no-data': { story: 'the metrics of the new version vanish', expected: 'rolled-back', fault: 'no-data' },
  rejected: { story: 'a role says no', expected: 'refused', event: 'reject' },
  unprotected: { story: 'a sign-off environment has no reviewers', expected: 'refused', event: 'unprotect' },
  'failed-checks': { story: 'a required check is red', expected: 'refused', event: 'red-check' },
  cancelled: {
    story: 'the operator cancels the run while it bakes at 10 %',
    expected: 'rolled-back',
    event: 'cancel',
  },
  'runner-lost': {
    story: 'the runner dies while it bakes at 10 %; the undo job brings traffic back',
    expected: 'rolled-back',
    event: 'lose-runner',
  },
  'run-lost': {
    story: 'the whole run dies while it bakes at 10 %; the watchdog brings traffic back',
    expected: 'rolled-back',
    event: 'lose-run',
  },
  'github-flaky': {
    story: 'GitHub answers every kind of write with errors, limits and lost replies at least once',
    expected: 'released',
    event: 'flaky-github',
  },
  twice: {
    story: 'two releases of the same service start together',
    expected: 'released',
    event: 'start-twice',
  },
} as const satisfies Record<string, Scenario>

export type ScenarioName = keyof typeof table
export const scenarioNames = Object.keys(table) as ScenarioName[]
export const scenarios: Record<ScenarioName, Scenario> = table
