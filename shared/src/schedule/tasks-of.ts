import type { Config } from '../config/config.ts'
import type { ReleaseType } from './release-types.ts'
import { type TaskRule, taskRules } from './task.ts'

/** What has a meaning only where something is deployed. */
const ofDeployments = ['staging', 'drill', 'dashboards']

type Policy = Pick<Config, 'mode' | 'traffic' | 'deploy' | 'metrics'> & {
  promotion: Pick<Config['promotion'], 'environments'>
}

/**
 * The tasks of a release, and which were left out and why (null: none was). A library in `mode: observe` is published and deployed nowhere:
 * there is no staging to verify on, nothing to drill and nothing to watch. What waited for such a task waits for what that one waited for.
 */
export const tasksOf = (
  type: ReleaseType,
  policy: Policy,
): { rules: readonly TaskRule[]; why: string | null } => {
  const all = taskRules[type]
  if (deploys(policy)) return { rules: all, why: null }
  const out = all.filter(({ id }) => ofDeployments.includes(id))
  const known = new Map(all.map((rule) => [rule.id, rule]))
  const left = (ids: readonly string[]): string[] =>
    ids.flatMap((id) => (ofDeployments.includes(id) ? left(known.get(id)?.after ?? []) : [id]))
  const rules = all
    .filter((rule) => !out.includes(rule))
    .map((rule) => ({
      ...rule,
      name: rule.id === 'rollout' ? 'Publish the release in the window' : rule.name,
      after: [...new Set(left(rule.after))],
    }))
  const names = out.map(({ name }) => `"${name}"`).join(', ')
  return {
    rules,
    why: `${names} ${out.length === 1 ? 'is' : 'are'} no task here: mode is observe, and nothing is deployed or watched (traffic, deploy.command, promotion.environments, metrics)`,
  }
}

const deploys = ({ mode, traffic, deploy, metrics, promotion }: Policy): boolean =>
  mode !== 'observe' ||
  traffic !== undefined ||
  deploy.command !== undefined ||
  metrics !== undefined ||
  promotion.environments.length > 0
