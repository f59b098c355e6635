import type { PromotionConfirm } from '@relman/core/config/promotion-confirm'
import type { Plan } from '@relman/core/plan/plan'
import type { Clock } from '@relman/core/ports/clock'
import type { AskHealth } from '@relman/core/ports/health'
import type { RunProcess } from '@relman/core/ports/process'
import { sentence } from '@relman/core/runtime/exposure/move-traffic'
import { fillPlaceholders } from '@relman/core/text/placeholder'
import { deploymentVariables } from './deploy.ts'

type Ports = {
  ask: AskHealth
  run: RunProcess
  clock: Clock
  workspace: string
  log: (line: string) => void
}

/** What was seen of a promoted version, in one sentence, and whether that is enough. */
export type Confirmation = { well: boolean; said: string }

/** Whether the version that was deployed to an environment is there and well, as the policy says that it can be seen. */
export const confirm = async (
  plan: Plan,
  environment: string,
  ports: Ports,
  signal: AbortSignal,
): Promise<Confirmation> => {
  const wanted = plan.policy.promotion.confirm[environment]
  if (!wanted)
    return {
      well: true,
      said: 'not confirmed beyond the end of your deployment; name how in promotion.confirm',
    }
  const answered =
    wanted.url === undefined ? null : await askUntilWell(plan, environment, wanted, ports, signal)
  if (answered && !answered.well) return answered
  if (!wanted.command) return answered ?? { well: true, said: '' }
  const tried = await runSmoke(plan, environment, wanted, ports, signal)
  return { well: tried.well, said: [answered?.said, tried.said].filter(Boolean).join('; ') }
}

/** Well only after so many good answers in a row: one may come from a machine that is about to go. */
const askUntilWell = async (
  plan: Plan,
  environment: string,
  { url = '', contains, private: allowed, times, every, timeout }: PromotionConfirm,
  { ask, clock, log }: Ports,
  signal: AbortSignal,
): Promise<Confirmation> => {
  const names: Record<string, string> = { version: plan.version, service: plan.service, environment }
  const fill = (text: string, escape: (value: string) => string) =>
    fillPlaceholders(text, (name) => names[name] ?? `{{${name}}}`, escape)
  const question = { url: fill(url, encodeURIComponent), private: allowed }
  const text = contains === undefined ? undefined : fill(contains, (value) => value)
  const where = new URL(question.url).host
  const end = clock.now() + timeout * 1000
  let [row, last] = [0, 'was not asked']
  for (;;) {
    const fault = await ask(question, signal).then(
      (answer) => faultOf(answer, text),
      (error: unknown) => {
        signal.throwIfAborted()
        return sentence(error)
      },
    )
    row = fault === null ? row + 1 : 0
    if (fault !== null && fault !== last) log(`${environment}: ${fault}`)
    last = fault ?? last
    if (row >= times) return { well: true, said: `${where} answered well ${times} times in a row` }
    if (clock.now() + every * 1000 > end)
      return {
        well: false,
        said: `${where} was not well ${times} times in a row within ${timeout} s: ${row > 0 ? `only ${row} times at the end` : last}`,
      }
    await clock.sleep(every * 1000, signal)
  }
}

const faultOf = ({ status, text }: { status: number; text: string }, contains?: string): string | null => {
  if (status < 200 || status > 299) return `it answered with HTTP ${status}`
  if (contains !== undefined && !text.includes(contains))
    return `its answer does not hold ${JSON.stringify(contains)}`
  return null
}

const runSmoke = async (
  plan: Plan,
  environment: string,
  { command = [], timeout }: PromotionConfirm,
  { run, workspace, log }: Ports,
  signal: AbortSignal,
): Promise<Confirmation> => {
  log(`trying ${plan.version} in ${environment} with ${command[0]}`)
  try {
    const { code, stderr } = await run(command, {
      env: deploymentVariables(plan, 'smoke', environment),
      cwd: workspace,
      timeoutSeconds: timeout,
      signal,
    })
    if (code === 0) return { well: true, said: `${command[0]} ended well` }
    const last = stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? ''
    return { well: false, said: `${command[0]} ended with status ${code}${last ? `: ${last}` : ''}` }
  } catch (error) {
    signal.throwIfAborted()
    return { well: false, said: sentence(error) }
  }
}
