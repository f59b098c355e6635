import { type Config, config } from './config.ts'
import { contradictions } from './contradictions.ts'
import { readYaml } from './read-yaml.ts'

const written = config.superRefine((whole, context) => {
  for (const { path, message } of contradictions(whole)) context.addIssue({ code: 'custom', path, message })
})

/**
 * Reads `.github/relman.yml`. Every fault is listed at once, each as `file:line:column: what is wrong and what to
 * write`, in one ConfigurationError. An empty file is valid, and a key without a value counts as absent.
 */
export const readConfig = (text: string, file: string): Config => readYaml(text, file, written).value
