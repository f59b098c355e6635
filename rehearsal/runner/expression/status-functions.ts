import { data } from '@actions/expressions'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'

/** A status check function; job conditions may name jobs as arguments (workflow schema: `success(0,MAX)`). */
export type StatusFunctions = {
  success(names: string[]): boolean
  failure(names: string[]): boolean
  cancelled(): boolean
}

/** success(), failure(), cancelled() and always() for one place (docs: expressions#status-check-functions). */
export function statusFunctions(status: StatusFunctions): FunctionDefinition[] {
  const define = (name: string, call: (names: string[]) => boolean): FunctionDefinition => ({
    name,
    minArgs: 0,
    maxArgs: 255,
    call: (...args) => new data.BooleanData(call(args.map((argument) => argument.coerceString()))),
  })
  return [
    define('success', status.success),
    define('failure', status.failure),
    define('cancelled', status.cancelled),
    define('always', () => true),
  ]
}
