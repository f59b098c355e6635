import { parseSync } from '@swc/core'
import { target } from './import-rule.ts'
import { syntaxOf } from './syntax.ts'

type Node = { type: string } & Record<string, unknown>

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

const nodesOf = (value: unknown): Node[] => {
  if (Array.isArray(value)) return value.flatMap(nodesOf)
  if (typeof value !== 'object' || value === null) return []
  const below = Object.values(value).flatMap(nodesOf)
  return isNode(value) ? [value, ...below] : below
}

const nameOf = (value: unknown): string => (isNode(value) ? String(value['value'] ?? '') : '')

const carries = (name: string): boolean => /^(reason|reasonCode|code)$/.test(name)

const codeLike = /^[a-z0-9]+(-[a-z0-9]+)*$/

/** The words that an expression can be, as far as its own text says. */
const wordsOf = (value: unknown): string[] => {
  if (!isNode(value)) return []
  switch (value.type) {
    case 'StringLiteral':
      return codeLike.test(nameOf(value)) ? [nameOf(value)] : []
    case 'ConditionalExpression':
      return [...wordsOf(value['consequent']), ...wordsOf(value['alternate'])]
    case 'BinaryExpression':
      return ['??', '||', '&&'].includes(String(value['operator']))
        ? [...wordsOf(value['left']), ...wordsOf(value['right'])]
        : []
    case 'ParenthesisExpression':
    case 'TsAsExpression':
    case 'TsConstAssertion':
    case 'TsSatisfiesExpression':
      return wordsOf(value['expression'])
    default:
      return []
  }
}

const parameters = (node: Node): string[] =>
  ((node['params'] ?? []) as Node[]).map((param) =>
    nameOf(
      param.type === 'Parameter' || param.type === 'TsParameterProperty'
        ? (param['pat'] ?? param['param'])
        : param,
    ),
  )

/** For each function or class of a file: at which place it takes a reason code. */
const takers = (nodes: readonly Node[]): Array<[string, number]> =>
  nodes.flatMap((node): Array<[string, number]> => {
    const found = ((): [string, Node] | undefined => {
      if (node.type === 'FunctionDeclaration') return [nameOf(node['identifier']), node]
      const init = node['init']
      if (node.type === 'VariableDeclarator' && isNode(init) && /^(Arrow)?Function/.test(init.type))
        return [nameOf(node['id']), init]
      const constructor = nodesOf(node['body']).find(({ type }) => type === 'Constructor')
      return node.type === 'ClassDeclaration' && constructor
        ? [nameOf(node['identifier']), constructor]
        : undefined
    })()
    const place = found ? parameters(found[1]).findIndex(carries) : -1
    return found && place >= 0 ? [[found[0], place]] : []
  })

/** Words that stand where a reason code is given: as a property, as an argument, as what a function of reasons returns. */
const givenIn = (nodes: readonly Node[], takes: ReadonlyMap<string, number>): string[] =>
  nodes.flatMap((node) => {
    if (node.type === 'KeyValueProperty' && carries(nameOf(node['key'])) && nameOf(node['key']) !== 'code') {
      return wordsOf(node['value'])
    }
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return []
    const place = takes.get(nameOf(node['callee']))
    const given = (node['arguments'] ?? []) as Array<{ expression: unknown }>
    return place === undefined ? [] : wordsOf(given[place]?.expression)
  })

/** Every file that runs when `entry` runs: its imports, types left out. */
export const reachable = (entry: string, read: (path: string) => string): string[] => {
  const seen = new Set<string>()
  const visit = (path: string): void => {
    if (seen.has(path) || !path.endsWith('.ts')) return
    seen.add(path)
    for (const { from, typeOnly } of syntaxOf(read(path)).imports) {
      const file = typeOnly ? undefined : target(path, from)
      if (file) visit(file)
    }
  }
  visit(entry)
  return [...seen]
}

/** The reason codes in these sources, with the file of each. */
export const reasonCodesIn = (sources: ReadonlyMap<string, string>): Map<string, string> => {
  const trees = [...sources].map(([path, text]) => ({
    path,
    nodes: nodesOf(parseSync(text, { syntax: 'typescript', target: 'es2022' })),
  }))
  const takes = new Map(trees.flatMap(({ nodes }) => takers(nodes)))
  const codes = trees.flatMap(({ path, nodes }) => givenIn(nodes, takes).map((code) => [code, path] as const))
  return new Map(codes.toReversed())
}
