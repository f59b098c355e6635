import { z } from 'zod'

/** Whether an address holds neither user nor password. */
export const isWithoutSecret = (text: string): boolean => !/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(text)
export const noSecret = 'an address holds no user and password, since plans show it; name a secret instead'

/** Where something is read or moved. It is shown in plans, records and pages. */
export const plainAddress = z.url({ protocol: /^https?$/ }).refine(isWithoutSecret, noSecret)
