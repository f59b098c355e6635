import type { Config } from '../config/config.ts'

/** The configuration as it holds for one component: its name is the service, and its own sections replace those of the file. */
export const policyOf = (config: Config, name: string): Config => {
  const { artifact, artifacts, rollout, deploy, traffic, metrics, rollback } = config.components[name] ?? {}
  return {
    ...config,
    service: name,
    ...(artifact === undefined ? {} : { artifact }),
    ...(artifacts === undefined ? {} : { artifacts }),
    ...(rollout === undefined ? {} : { rollout }),
    ...(deploy === undefined ? {} : { deploy }),
    ...(traffic === undefined ? {} : { traffic }),
    ...(metrics === undefined ? {} : { metrics }),
    ...(rollback === undefined ? {} : { rollback }),
  }
}
