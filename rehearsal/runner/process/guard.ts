import { spawn } from 'node:child_process'

/** Knows the processes that run, and ends them where this process dies without doing so. */
export type Guard = { started(pid: number): void; ended(pid: number): void }

// A shell, because it takes a megabyte and is wherever git is. It reads until its standard input closes, which the
// system does when the parent dies. Each process that is named to it leads a group of its own.
const script = `
while read -r word pid; do
  case $word in
    started) pids="$pids $pid" ;;
    ended)
      rest=
      for one in $pids; do [ "$one" = "$pid" ] || rest="$rest $one"; done
      pids=$rest
      ;;
  esac
done
for pid in $pids; do kill -s KILL -- "-$pid"; done
rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
`

/**
 * Starts the guard of this process: when it ends, by whatever signal, SIGKILL too, the groups that still run are killed
 * and `folder` is removed.
 */
export function openGuard(folder: string): Guard {
  // A group of its own: Ctrl-C at a terminal must not reach it.
  const child = spawn('sh', ['-c', script, 'sh', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  })
  // Without a shell there is no guard; whatever ends in order is tidied all the same.
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  child.unref()
  const tell = (line: string) => void child.stdin.write(`${line}\n`)
  return { started: (pid) => tell(`started ${pid}`), ended: (pid) => tell(`ended ${pid}`) }
}
