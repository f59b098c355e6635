import { spawnSync } from 'node:child_process'

export type GitResult = { code: number; stdout: string; stderr: string }

/** One git command in a folder, in English whatever the locale, never asking for a password. */
export const tryGit = (
  folder: string,
  args: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): GitResult => {
  const done = spawnSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', ...options.env },
    ...(options.input === undefined ? {} : { input: options.input }),
  })
  if (done.error)
    throw new Error(`git could not be run (${done.error.message}); install git and put it on the PATH`)
  return { code: done.status ?? 1, stdout: done.stdout, stderr: done.stderr }
}

/** The same, where failure is an error with git's own words. */
export const git = (
  folder: string,
  args: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): string => {
  const done = tryGit(folder, args, options)
  if (done.code !== 0) throw new Error(`git ${args[0]}: ${done.stderr.trim() || `exit status ${done.code}`}`)
  return done.stdout.trim()
}
