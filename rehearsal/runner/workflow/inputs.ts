import { evaluate, type Scope } from '../expression/evaluate.ts'
import type { Mapping } from './tree.ts'
import type { InputDefinition } from './workflow.ts'

export class InputFault extends Error {}

/**
 * Inputs of a called workflow: typed, with defaults (docs: workflow-syntax#onworkflow_callinputsinput_idtype — a value
 * of another type is an error; without a default it is false, 0 or '').
 * @param caller contexts of the calling job; `own` those of the called workflow, for its defaults.
 */
export function callInputs(
  definitions: InputDefinition[],
  given: Mapping,
  caller: Scope,
  own: Scope,
): Record<string, unknown> {
  const byName = new Map([...given].map(([name, tree]) => [name.toLowerCase(), tree]))
  return Object.fromEntries(
    definitions.map((input) => {
      const tree = byName.get(input.name.toLowerCase())
      if (tree === undefined)
        return [input.name, input.default === undefined ? emptyOf(input.type) : evaluate(input.default, own)]
      const value = evaluate(tree, caller)
      // A number or boolean is accepted as text; null (a missing context) is an empty string.
      if (input.type === 'string' || input.type === 'choice' || input.type === 'environment')
        return [input.name, value === null ? '' : String(value)]
      if (typeof value === input.type) return [input.name, value]
      throw new InputFault(`Input '${input.name}' is of type ${input.type}, but got ${JSON.stringify(value)}`)
    }),
  )
}

/**
 * Inputs of a dispatch: `inputs` keeps booleans and numbers, `github.event.inputs` is all text
 * (docs: workflow-syntax#onworkflow_dispatchinputs).
 */
export function dispatchInputs(
  definitions: InputDefinition[],
  given: Record<string, string>,
): Record<string, unknown> {
  const unknown = Object.keys(given).filter((name) => !definitions.some((input) => input.name === name))
  if (unknown.length > 0) throw new InputFault(`Unexpected inputs provided: ${JSON.stringify(unknown)}`)
  return Object.fromEntries(
    definitions.map((input) => {
      const text = given[input.name]
      if (text === undefined) {
        if (input.required && input.default === undefined)
          throw new InputFault(`Required input '${input.name}' not provided`)
        return [input.name, input.default ?? emptyOf(input.type)]
      }
      if (input.type === 'boolean') {
        if (text !== 'true' && text !== 'false')
          throw new InputFault(`Input '${input.name}' must be true or false`)
        return [input.name, text === 'true']
      }
      if (input.type === 'number') {
        if (text.trim() === '' || Number.isNaN(Number(text)))
          throw new InputFault(`Input '${input.name}' must be a number`)
        return [input.name, Number(text)]
      }
      if (input.type === 'choice' && !input.options?.includes(text))
        throw new InputFault(
          `Provided value '${text}' for input '${input.name}' not in the list of allowed values`,
        )
      return [input.name, text]
    }),
  )
}

function emptyOf(type: InputDefinition['type']): unknown {
  return type === 'boolean' ? false : type === 'number' ? 0 : ''
}
