import { type Child, startChild } from './child.ts'
import { type ConnectionPool, openConnectionPool } from './connection-pool.ts'
import type { Fault } from './fault.ts'

/** A version of the service that runs, or ran, in its own process, and the connections to it. */
export interface Arm {
  version: string
  digest: string | null
  pid: number
  /** Where it answers GET /checkout, /healthz and /metrics. */
  port: number
  pool: ConnectionPool
  /** Undefined while it runs; then its exit status, or null where a signal ended it. */
  exitCode(): number | null | undefined
  setFault(name: Fault['name']): void
  stop(): Promise<void>
}

/** Starts the process of `version`; resolves once it listens. `onExit` is called when it ends by itself. */
export async function startArm(
  entry: string,
  options: { version: string; digest: string | null; seed: number | string; fault: Fault['name'] },
  onExit: (exitCode: number | null) => void,
): Promise<Arm> {
  const { version, digest, seed, fault } = options
  const argv = ['version', '--version', version, '--seed', String(seed), '--fault', fault]
  const child: Child<{ port: number; pid: number }> = await startChild(entry, argv)
  const { port, pid } = child.ready
  const pool = openConnectionPool(port)
  let exitCode: number | null | undefined
  let stopping = false
  const ended = child.ended.then((code) => {
    exitCode = code
    if (!stopping) onExit(code)
  })
  return {
    version,
    digest,
    pid,
    port,
    pool,
    exitCode: () => exitCode,
    setFault: (name) => child.tell({ fault: name }),
    async stop() {
      stopping = true
      await child.stop()
      await ended
      pool.close()
    },
  }
}
