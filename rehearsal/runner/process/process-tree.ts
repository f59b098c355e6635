import { execFileSync } from 'node:child_process'

/** Ends a process and all that it started, children first (runner: ProcessInvoker.cs, KillProcessTree). */
export function killTree(pid: number): void {
  if (!exists(pid) && !exists(-pid)) return
  for (const child of descendantsOf(pid)) end(child)
  // Each step leads its own process group, so that also children of an ended parent are reached.
  end(-pid)
  end(pid)
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const line of processTable().split('\n')) {
    const [id, parent] = line.trim().split(/\s+/).map(Number)
    if (id && parent) children.set(parent, [...(children.get(parent) ?? []), id])
  }
  const found: number[] = []
  const visit = (parent: number) => {
    for (const child of children.get(parent) ?? []) {
      visit(child)
      found.push(child)
    }
  }
  visit(pid)
  return found
}

function processTable(): string {
  try {
    return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return ''
  }
}
