import { ConfigurationError, type Place, showPlace } from './configuration-error.ts'

/** One thing that is wrong in a file that a person wrote. */
export type Fault = { place: Place; message: string }

/** All faults of a file (the first 50) as one error, in the order of their places. */
export const listed = (faults: readonly Fault[]): ConfigurationError => {
  const order = ({ place: { line = 0, column = 0 } }: Fault) => line * 10_000 + column
  const [first, ...others] = [...faults].sort((a, b) => order(a) - order(b)).slice(0, 50)
  const rest = others.map(({ place, message }) => `${showPlace(place)}: ${message}`)
  return new ConfigurationError([first?.message ?? 'is not valid', ...rest].join('\n'), first?.place)
}
