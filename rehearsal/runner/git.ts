import { execFile, execFileSync } from 'node:child_process'
import { devNull } from 'node:os'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const maxBuffer = 1 << 28

/** Surroundings of every git call: nothing of this machine's or its user's git configuration changes a rehearsal. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))
  return {
    ...Object.fromEntries(own),
    ...{ GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
  }
}

/** Runs git and returns what it printed. @throws when git does */
export function gitSync(...args: string[]): Buffer {
  return execFileSync('git', args, { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer, env: environment() })
}

/** The same without blocking, as trimmed text. @throws Error with git's own words */
export async function git(...args: string[]): Promise<string> {
  try {
    return (await execute('git', args, { maxBuffer, env: environment() })).stdout.trim()
  } catch (error) {
    const { stderr } = error as { stderr?: string }
    throw new Error(stderr?.trim() || (error as Error).message)
  }
}
