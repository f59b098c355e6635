import {
  isBasicExpression,
  isBoolean,
  isMapping,
  isNumber,
  isSequence,
  isString,
} from '@actions/workflow-parser'

/** What GitHub's parser leaves of a value: plain data with unevaluated expressions in it. */
export type Expression = { expression: string }
export type Mapping = Map<string, Tree>
export type Tree = null | string | number | boolean | Expression | Tree[] | Mapping

type Token = Parameters<typeof isString>[0]

/** Reads GitHub's token tree; `${{ insert }}` and expressions as keys are not supported and throw. */
export function treeOf(token: Token): Tree {
  if (isMapping(token)) {
    const mapping: Mapping = new Map()
    for (const { key, value } of token) {
      if (!isString(key)) throw new Error(`An expression as a key is not supported: ${key.toString()}`)
      mapping.set(key.value, treeOf(value))
    }
    return mapping
  }
  if (isSequence(token)) return [...token].map(treeOf)
  if (isBasicExpression(token)) return { expression: token.expression }
  if (isString(token) || isNumber(token) || isBoolean(token)) return token.value
  return null
}

export function isExpression(tree: Tree | undefined): tree is Expression {
  return typeof tree === 'object' && tree !== null && 'expression' in tree && !(tree instanceof Map)
}

/** The mapping, or an empty one where the key is absent or null. */
export function mappingOf(tree: Tree | undefined): Mapping {
  return tree instanceof Map ? tree : new Map()
}

export function textOf(tree: Tree | undefined): string | undefined {
  return typeof tree === 'string' ? tree : undefined
}
