/** Runs git on the bare repository, free of the machine's configuration. */

import { spawn } from 'node:child_process'
import { devNull } from 'node:os'

export type Finished = { code: number; stdout: Buffer; stderr: string }

/** The environment of every git process: no GIT_* of the caller, no prompts, no system configuration. */
export function gitEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const clean: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && !name.startsWith('GIT_')) clean[name] = value
  const fixed = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: devNull, GIT_TERMINAL_PROMPT: '0' }
  return { ...clean, ...fixed, LC_ALL: 'C', ...extra }
}

export type GitCommand = (
  args: string[],
  more?: { input?: string | Buffer; env?: Record<string, string> },
) => Promise<Finished>

export function gitCommand(gitDir: string): GitCommand {
  return (args, more = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn('git', ['--git-dir', gitDir, '-c', 'gc.auto=0', ...args], {
        env: gitEnvironment(more.env),
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      const out: Buffer[] = []
      const err: Buffer[] = []
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
      child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
      child.stdin.on('error', () => {}) // git may end before it has read everything; its exit status tells
      child.on('error', reject)
      child.on('close', (code) =>
        resolve({ code: code ?? 1, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() }),
      )
      child.stdin.end(more.input)
    })
}

/** Output of a git command that has to succeed. */
export async function output(git: GitCommand, ...call: Parameters<GitCommand>): Promise<string> {
  const { code, stdout, stderr } = await git(...call)
  if (code !== 0) throw new Error(`git ${call[0][0]}: ${stderr.trim()}`)
  return stdout.toString()
}
