/** What a version is announced by, from the earliest on; each sorts above the one before, and the final above all. */
export const channels = ['alpha', 'beta', 'next', 'rc'] as const
export type Channel = (typeof channels)[number]
