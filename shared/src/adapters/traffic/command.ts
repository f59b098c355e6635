import type { RunProcess } from '../../ports/process.ts'
import type { TrafficRouter } from '../../ports/traffic.ts'

export type CommandTraffic = {
  set: readonly string[]
  get: readonly string[]
  timeoutSeconds: number
  cwd: string
  version: string
  previous: string | null
}

/** Any program as a driver. It learns the weight and both versions from its environment, never from a shell line. */
export const openCommandTraffic = (driver: CommandTraffic, run: RunProcess): TrafficRouter => {
  const call = async (
    command: readonly string[],
    env: Record<string, string>,
    signal: AbortSignal | undefined,
  ) => {
    const { code, stdout, stderr } = await run(command, {
      env: { RELMAN_VERSION: driver.version, RELMAN_PREVIOUS: driver.previous ?? '', ...env },
      cwd: driver.cwd,
      timeoutSeconds: driver.timeoutSeconds,
      ...(signal ? { signal } : {}),
    })
    if (code === 0) return stdout
    const said = stderr.trim().split('\n').at(-1)?.slice(0, 200)
    throw new Error(`${command[0]} ended with status ${code}${said ? `: ${said}` : ''}`)
  }
  return {
    set: async (weight, signal) => {
      await call(driver.set, { RELMAN_WEIGHT: String(weight) }, signal)
    },
    read: async (signal) => {
      const text = (await call(driver.get, {}, signal)).trim()
      const weight = Number(text)
      if (/^\d{1,3}(\.\d+)?$/.test(text) && weight <= 100) return weight
      throw new Error(
        `${driver.get[0]} printed ${JSON.stringify(text.slice(0, 80))}, not a weight from 0 to 100`,
      )
    },
  }
}
