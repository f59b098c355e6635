import { spawnSync } from 'node:child_process'

export type GitResult = { code: number; stdout: string; stderr: string }

/**
 * What leads git to another repository than the folder it is asked about: set inside a hook, it would make us write to
 * the clone that we only read (git rev-parse --local-env-vars).
 */
const misleading =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE|PREFIX|SHALLOW_FILE|GRAFT_FILE|REPLACE_REF_BASE|NO_REPLACE_OBJECTS|IMPLICIT_WORK_TREE|CONFIG|CONFIG_PARAMETERS|CONFIG_COUNT|CEILING_DIRECTORIES)$/

/** The surroundings of a git command: English, no password is asked for, and the folder alone says which repository. */
export const gitEnvironment = (more: Record<string, string> = {}): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !misleading.test(name))),
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  ...more,
})

/** One git command in a folder, in English whatever the locale, never asking for a password. */
export const tryGit = (
  folder: string,
  args: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): GitResult => {
  const done = spawnSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: gitEnvironment(options.env),
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
