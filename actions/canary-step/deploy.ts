import type { Plan } from '@relman/core/plan/plan'
import type { RunProcess } from '@relman/core/ports/process'

type Ports = { run: RunProcess; workspace: string; log: (line: string) => void }

/** What the caller's own programs are told. */
export const deploymentVariables = (
  plan: Plan,
  operation: 'deploy' | 'smoke',
  environment: string,
): Record<string, string> => ({
  RELMAN_OPERATION: operation,
  RELMAN_SERVICE: plan.service,
  RELMAN_VERSION: plan.version,
  RELMAN_PREVIOUS: plan.previous?.version ?? '',
  RELMAN_SHA: plan.sha,
  RELMAN_ENVIRONMENT: environment,
  RELMAN_ARTIFACT: plan.artifact?.name ?? '',
  RELMAN_ARTIFACT_DIGEST: plan.artifact?.digest ?? '',
  RELMAN_PREVIOUS_ARTIFACT_DIGEST: plan.artifacts?.previous[0]?.digest ?? '',
})

/** Runs the caller's own deployment, where the plan names a command. It brings the version up; it exposes nobody. */
export const deploy = async (
  plan: Plan,
  { run, workspace, log }: Ports,
  signal: AbortSignal,
  environment = plan.environment,
): Promise<{ reason: string; detail: string } | null> => {
  const { command, timeout } = plan.policy.deploy
  if (!command) return null
  log(`deploying ${plan.version} with ${command[0]}`)
  const { code, stderr } = await run(command, {
    env: deploymentVariables(plan, 'deploy', environment),
    cwd: workspace,
    timeoutSeconds: timeout,
    signal,
  })
  if (code === 0) return null
  const said = stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? ''
  return {
    reason: 'deploy-failed',
    detail: `${command[0]} ended with status ${code}${said ? `: ${said}` : ''}`,
  }
}
