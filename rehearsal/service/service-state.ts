import { setTimeout as delay } from 'node:timers/promises'
import { type Arm, startArm } from './arm.ts'
import type { Counters } from './counters.ts'
import { type Fault, faultDelay, noFault } from './fault.ts'
import type { Truth } from './truth.ts'

/** One process serves all of them: the names give the stable side several instances' worth of series. */
export const stableInstances = ['stable-1', 'stable-2', 'stable-3', 'stable-4'] as const
export const canaryInstance = 'canary-1'

/** What the admin API changes and the proxy reads: the two versions, the weight and the fault. */
export interface ServiceState {
  stable: Arm
  canary(): Arm | null
  weight(): number
  /** Throws a `Conflict` where there is no canary to get traffic. */
  setWeight(weight: number): void
  fault(): Fault
  setFault(fault: Fault): void
  /** Starts the canary; false where that very version runs already. Throws a `Conflict` where it must not. */
  deploy(version: string, digest: string | null): Promise<boolean>
  /** Stops the canary; false where there is none. Throws a `Conflict` while it has traffic. */
  retire(): Promise<boolean>
  /** Versions whose series the fault `no-data` hides. */
  hidden(): ReadonlySet<string>
  /** The proxy's word that the canary got its first request since the fault was set. */
  canaryServes(): void
  close(): Promise<void>
}

/** A request that this state of the service does not allow; its message is one sentence. */
export class Conflict extends Error {}

/** Starts the stable version and holds the state of the service. */
export async function openServiceState(
  options: { entry: string; seed: number | string; stable: string; fault: Fault },
  counters: Counters,
  truth: Truth,
): Promise<ServiceState> {
  const { entry, seed } = options
  const start = (version: string, digest: string | null, name: Fault['name']) =>
    startArm(entry, { version, digest, seed, fault: name }, (code) =>
      truth.event('exit', `${version} ${code}`),
    )
  const stable = await start(options.stable, null, noFault.name)
  counters.begin(stable.version, stableInstances)

  const hidden = new Set<string>()
  let canary: Arm | null = null
  let weight = 0
  let fault = options.fault
  let reached = false
  let hiding: NodeJS.Timeout | undefined
  let queue: Promise<unknown> = Promise.resolve()

  const acting = () => (reached ? fault.name : noFault.name)
  const reach = () => {
    if (reached || fault.name === 'none' || canary === null || weight < fault.fromWeight) return
    reached = true
    canary.setFault(fault.name)
    truth.event('fault', fault.name)
  }
  const restart = () => {
    reached = false
    clearTimeout(hiding)
    hiding = undefined
    hidden.clear()
  }
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work)
    queue = turn.catch(() => {})
    return turn
  }

  return {
    stable,
    canary: () => canary,
    weight: () => weight,
    setWeight(next) {
      if (next > 0 && canary === null) {
        throw new Conflict('There is no canary: deploy one before it gets traffic.')
      }
      weight = next
      truth.event('weight', String(next))
      reach()
    },
    fault: () => fault,
    setFault(next) {
      fault = next
      restart()
      canary?.setFault('none')
      truth.event('fault', 'none')
      reach()
    },
    deploy: (version, digest) =>
      inTurn(async () => {
        if (version === stable.version) throw new Conflict(`Version ${version} is the stable one already.`)
        if (canary?.version === version && canary.digest === digest && canary.exitCode() === undefined) {
          return false
        }
        if (weight > 0)
          throw new Conflict(`${weight} % of the traffic is on the canary: set the weight to 0 first.`)
        await canary?.stop()
        canary = null
        canary = await start(version, digest, 'none')
        restart()
        counters.begin(version, [canaryInstance])
        truth.event('deploy', version)
        reach()
        return true
      }),
    retire: () =>
      inTurn(async () => {
        if (canary === null) return false
        if (weight > 0)
          throw new Conflict(`${weight} % of the traffic is on the canary: set the weight to 0 first.`)
        const { version } = canary
        await drained(canary)
        await canary.stop()
        canary = null
        truth.event('retire', version)
        return true
      }),
    hidden: () => hidden,
    canaryServes() {
      if (acting() !== 'no-data' || hiding !== undefined || canary === null) return
      const { version } = canary
      hiding = setTimeout(() => {
        hidden.add(version)
        truth.event('hidden', version)
      }, faultDelay)
    },
    async close() {
      clearTimeout(hiding)
      await Promise.all([stable.stop(), canary?.stop()])
    },
  }
}

/** Waits until the last requests are answered, at most two seconds. */
async function drained({ pool }: Arm): Promise<void> {
  for (let waits = 0; waits < 40 && pool.waiting() > 0; waits++) await delay(50)
}
