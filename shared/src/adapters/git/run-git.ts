import { spawn } from 'node:child_process'
import { ConfigurationError } from '../../config/configuration-error.ts'

export type GitAnswer = { code: number; stdout: string; stderr: string }

/** Runs git in one folder. `until` sees the output as it comes and may end the program by answering true. */
export type RunGit = (
  args: readonly string[],
  options?: { input?: string; until?: (chunk: string) => boolean },
) => Promise<GitAnswer>

// A repository's own settings must not run programs (fsmonitor, hooks, pagers) nor change what is printed.
const settings = [
  'core.quotePath=false',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'log.showSignature=false',
  'i18n.logOutputEncoding=UTF-8',
].flatMap((setting) => ['-c', setting])

const environment = {
  LC_ALL: 'C',
  LANGUAGE: '',
  TZ: 'UTC',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_LITERAL_PATHSPECS: '1',
}

// What redirects git to another repository than the folder it was asked about (set inside hooks).
const misleading = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_NAMESPACE',
]

/** The git program without a shell, in English, in UTC, and deaf to settings that would run something. */
export const runGitIn = (folder: string): RunGit => {
  const env = Object.fromEntries(
    Object.entries({ ...process.env, ...environment }).filter(([name]) => !misleading.includes(name)),
  )
  return (args, { input, until } = {}) =>
    new Promise((answer, fail) => {
      const child = spawn('git', [...settings, ...args], {
        cwd: folder,
        env,
        stdio: ['pipe', 'pipe', 'pipe'],
        windowsHide: true,
      })
      const out: string[] = []
      const errors: string[] = []
      let ended = false
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        if (ended) return
        if (!until) out.push(chunk)
        else if (until(chunk)) {
          ended = true
          child.kill()
        }
      })
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => errors.push(chunk))
      child.on('error', (error: NodeJS.ErrnoException) =>
        fail(error.code === 'ENOENT' ? missing(folder) : error),
      )
      child.on('close', (code) =>
        answer({ code: ended ? 0 : (code ?? 1), stdout: out.join(''), stderr: errors.join('') }),
      )
      child.stdin.on('error', () => {})
      child.stdin.end(input ?? '')
    })
}

const missing = (folder: string) =>
  new ConfigurationError(
    `git could not be started in ${folder}: the folder does not exist, or git is not installed (relman needs git 2.31 or newer on the PATH)`,
  )

/** The first line of what git complained about, without its prefix. */
export const complaint = (answer: GitAnswer): string =>
  (answer.stderr.trim().split('\n')[0] ?? '').replace(/^(fatal|error): /, '') ||
  `git ended with status ${answer.code}`
