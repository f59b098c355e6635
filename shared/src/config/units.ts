import { z } from 'zod'

const unitSeconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** A length of time as people write it (`30s`, `10m`, `2h`, `14d`, or a number of seconds); read as seconds. */
export const duration = z
  .union([
    z.number().nonnegative(),
    z.string().regex(/^\d+(\.\d+)?\s*[smhd]$/, 'write a duration like 30s, 10m, 2h or 14d'),
  ])
  .transform((value) => (typeof value === 'number' ? value : seconds(value)))

const seconds = (text: string): number => {
  const unit = text.at(-1) as keyof typeof unitSeconds
  return Number(text.slice(0, -1)) * unitSeconds[unit]
}

/** A share as people write it (`0.1 %`), read as percentage points (0.1). Reading what was read changes nothing. */
export const percent = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?\s*(%|pp)$/, 'write a share like 0.1 %')])
  .transform((value) => (typeof value === 'number' ? value : Number(value.replace(/\s*(%|pp)$/, ''))))
  .pipe(z.number().min(0).max(100))

/** A program and its arguments, run without a shell. */
export const command = z.array(z.string().min(1)).min(1)
