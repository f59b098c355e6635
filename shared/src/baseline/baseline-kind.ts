/** What a new version is compared with. */
export const baselineKinds = ['stable', 'previous-release', 'objective', 'staging'] as const
export type BaselineKind = (typeof baselineKinds)[number]

type Said = { name: string; short: string; guarantee: string }

/** What each baseline can promise, for people; the measured rates are in docs/measurements/baselines.md. */
const said: Record<BaselineKind, Said> = {
  stable: {
    name: 'the stable version, side by side',
    short: 'the stable version',
    guarantee: 'what hits both versions cancels; the bounds on false answers hold',
  },
  'previous-release': {
    name: 'the previous release, the same length of time after it went live',
    short: 'the previous release at its time',
    guarantee:
      'another time: a shared outage, the hour of the day or other traffic looks like a bad release. It can return a release; it proves one only where the spread between such times was learnt',
  },
  objective: {
    name: 'a fixed objective',
    short: 'the objective',
    guarantee:
      'the bounds on false answers hold for the objective, not for the release: an outage that both versions share returns it too, and a release that is worse than stable but within the objective passes',
  },
  staging: {
    name: 'staging, both versions measured there',
    short: 'the earlier version in staging',
    guarantee: 'says what staging shows with the traffic of staging, and nothing about production',
  },
}

/** The baseline's name, for a table. */
export const baselineName = (kind: BaselineKind): string => said[kind].name

/** The same within a sentence. */
export const baselineShort = (kind: BaselineKind): string => said[kind].short

/** The same after a figure: "0.1 % on the stable version". */
export const baselinePlace = (kind: BaselineKind): string =>
  kind === 'objective' ? 'as the objective' : `on ${said[kind].short}`

/** What a verdict against this baseline is worth, in one sentence. */
export const baselineGuarantee = (kind: BaselineKind): string => said[kind].guarantee
