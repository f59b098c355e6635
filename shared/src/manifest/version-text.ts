import semver from 'semver'
import { z } from 'zod'

const tame = (text: string): boolean => text.length <= 100

/** A semantic version as text. YAML reads 1.2 as a number: it needs quotes, and a third number. */
export const semverVersion = z
  .string()
  .refine((text) => tame(text) && semver.valid(text) !== null, 'write a semantic version such as 3.1.0')

/** A range of semantic versions as text. */
export const semverRange = z
  .string()
  .refine(
    (text) => tame(text) && text.trim() !== '' && semver.validRange(text) !== null,
    'write a range of versions such as ">=3.1 <4"',
  )
