/** Where a fault lies in a file that a person wrote. Lines and columns count from 1. */
export type Place = { file: string; line?: number; column?: number }

/** A mistake that a person can mend: it names the place and the fix, and is shown without a stack. */
export class ConfigurationError extends Error {
  readonly place: Place | undefined

  constructor(message: string, place?: Place) {
    super(place ? `${showPlace(place)}: ${message}` : message)
    this.name = 'ConfigurationError'
    this.place = place
  }
}

export const showPlace = ({ file, line, column }: Place): string =>
  [file, line, column].filter((part) => part !== undefined).join(':')
