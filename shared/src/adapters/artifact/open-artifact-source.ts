import { registryOf } from '../../artifact/reference.ts'
import type { Config } from '../../config/config.ts'
import type { Artifacts } from '../../ports/artifacts.ts'
import type { GitHub } from '../../ports/github.ts'
import type { RunContext } from '../../runtime/run-context.ts'
import { runProcess } from '../process/run-process.ts'

type Access = { context: RunContext; token: string; github: GitHub | null; signal: AbortSignal }

/** The artifacts of a policy, in this job. Nothing of it is loaded before it is asked for. */
export const openArtifactSource =
  ({ context, token, github, signal }: Access) =>
  async (
    { artifact, artifacts: policy }: Pick<Config, 'artifact' | 'artifacts'>,
    policyFile: (path: string) => Promise<string | null> = async () => null,
  ): Promise<Artifacts> => {
    const { openArtifacts } = await import('./open-artifacts.ts')
    return openArtifacts({
      policy,
      home: registryOf(artifact),
      env: process.env,
      folder: context.workspace,
      policyFile,
      repository: `${context.repository.owner}/${context.repository.name}`,
      token,
      actor: context.actor,
      github: github?.artifacts ?? null,
      run: runProcess,
      signal,
    })
  }
