import { z } from 'zod'
import { canRead, mostAlternatives } from '../text/glob.ts'

/** A glob over paths of the repository. */
export const pathGlob = z
  .string()
  .min(1)
  .max(256)
  .refine((text) => !text.startsWith('!'), 'a glob may not begin with !; add a rule before this one instead')
  .refine((text) => canRead(text), `braces may stand for at most ${mostAlternatives} alternatives`)
