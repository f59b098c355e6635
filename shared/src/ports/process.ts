export type Finished = { code: number; stdout: string; stderr: string }

/** Runs a program without a shell. A missing program is a ConfigurationError that names it. */
export type RunProcess = (
  command: readonly string[],
  options?: {
    env?: Record<string, string>
    /** Which variables of this process it sees besides `env`; all but our own inputs and tokens when absent. */
    inherits?: (name: string) => boolean
    cwd?: string
    timeoutSeconds?: number
    signal?: AbortSignal
    input?: string
  },
) => Promise<Finished>
