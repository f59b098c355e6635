import { parseSync } from '@swc/core'

export type Import = { from: string; typeOnly: boolean }

/** What a source file imports and what it contains that a rule of the house speaks about. */
export type Syntax = {
  imports: Import[]
  defaultExport: boolean
  enums: boolean
  /** Names of classes and of what they extend. */
  classes: Array<{ name: string; parent: string }>
  /** Impure globals in use: `process`, `Date.now`, `new Date()`, `Math.random` and the like. */
  impure: string[]
}

type Node = { type: string } & Record<string, unknown>

const impureGlobals = new Set([
  'process',
  'fetch',
  'performance',
  'crypto',
  'console',
  'setTimeout',
  'setInterval',
])

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

const text = (value: unknown): string => {
  if (!isNode(value)) return ''
  return String(value['value'] ?? value['name'] ?? '')
}

export function syntaxOf(source: string): Syntax {
  const found: Syntax = { imports: [], defaultExport: false, enums: false, classes: [], impure: [] }
  visit(parseSync(source, { syntax: 'typescript', target: 'es2022' }), found)
  return found
}

function visit(value: unknown, found: Syntax): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, found)
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (isNode(value)) record(value, found)
  for (const [key, child] of Object.entries(value)) {
    if (key !== 'span' && !isPlainName(value, key)) visit(child, found)
  }
}

/** `a.process` and `{ process: 1 }` name a property, not the global. */
function isPlainName(node: object, key: string): boolean {
  return (
    (key === 'property' && (node as Node).type === 'MemberExpression' && isIdentifier((node as Node)[key])) ||
    (key === 'key' && isIdentifier((node as Node)[key])) ||
    (key === 'typeAnnotation' && (node as Node).type === 'TsTypeAnnotation')
  )
}

const isIdentifier = (value: unknown): boolean => isNode(value) && value.type === 'Identifier'

function record(node: Node, found: Syntax): void {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      if (isNode(node['source'])) {
        found.imports.push({ from: text(node['source']), typeOnly: node['typeOnly'] === true })
      }
      break
    case 'CallExpression':
      if (isNode(node['callee']) && node['callee'].type === 'Import') {
        const [first] = node['arguments'] as Array<{ expression: unknown }>
        found.imports.push({ from: text(first?.expression), typeOnly: false })
      }
      break
    case 'ExportDefaultDeclaration':
    case 'ExportDefaultExpression':
      found.defaultExport = true
      break
    case 'TsEnumDeclaration':
      found.enums = true
      break
    case 'ClassDeclaration':
    case 'ClassExpression':
      found.classes.push({ name: text(node['identifier']), parent: text(node['superClass']) })
      break
    case 'NewExpression':
      if (text(node['callee']) === 'Date' && (node['arguments'] as unknown[] | undefined)?.length === 0) {
        found.impure.push('new Date()')
      }
      break
    case 'MemberExpression': {
      const name = `${text(node['object'])}.${text(node['property'])}`
      if (name === 'Date.now' || name === 'Math.random' || name === 'Temporal.Now') found.impure.push(name)
      break
    }
    case 'Identifier':
      if (impureGlobals.has(text(node))) found.impure.push(text(node))
  }
}
