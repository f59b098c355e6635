import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'
import type { Tree } from '../workflow/tree.ts'

type Value = data.ExpressionData

/** Contexts by name (plain JSON) and the functions that depend on the place: success(), hashFiles(), … */
export type Scope = { contexts: Record<string, unknown>; functions?: FunctionDefinition[] }

export class ExpressionFault extends Error {}

/** Evaluates one expression with GitHub's own evaluator. @throws ExpressionFault naming the expression. */
export function evaluateExpression(expression: string, scope: Scope): Value {
  const functions = scope.functions ?? []
  try {
    const tokens = new Lexer(expression).lex().tokens.map(wholeString)
    const names = Object.keys(scope.contexts)
    const tree = new Parser(tokens, names, functions).parse()
    const used = new Set(tokens.map((token) => token.lexeme.toLowerCase()))
    const contexts = new data.Dictionary(
      ...names.map((key) => ({
        key,
        value: used.has(key.toLowerCase()) ? valueOf(scope.contexts[key]) : new data.Null(),
      })),
    )
    return new Evaluator(tree, contexts, new Map(functions.map((f) => [f.name.toLowerCase(), f]))).evaluate()
  } catch (error) {
    throw new ExpressionFault(`The expression '${expression}' is not valid: ${messageOf(error)}`)
  }
}

type Token = ReturnType<Lexer['lex']>['tokens'][number]

/**
 * The package (0.3.61, lexer.js) turns only the first `''` of a literal into a quote, the runner all of them
 * (runner: src/Sdk/Expressions/Tokens/LexicalAnalyzer.cs); every `run` with two quotes and an expression meets this.
 */
function wholeString(token: Token): Token {
  if (!token.lexeme.startsWith("'")) return token
  return { ...token, value: token.lexeme.slice(1, -1).replaceAll("''", "'") }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Replaces every expression in the tree; mappings become objects. */
export function evaluate(tree: Tree | undefined, scope: Scope): unknown {
  if (tree === undefined || tree === null) return null
  if (Array.isArray(tree)) return tree.map((item) => evaluate(item, scope))
  if (tree instanceof Map)
    return Object.fromEntries([...tree].map(([key, value]) => [key, evaluate(value, scope)]))
  if (typeof tree === 'object') return plain(evaluateExpression(tree.expression, scope))
  return tree
}

/** As GitHub turns a value into text: null is empty, a number has no trailing zeros, an object is `Object`. */
export function evaluateText(tree: Tree | undefined, scope: Scope): string {
  return valueOf(evaluate(tree, scope)).coerceString()
}

/** A condition: everything but false, 0, '' and null holds. */
export function holds(condition: string, scope: Scope): boolean {
  const value = evaluateExpression(condition, scope)
  if (value.kind === data.Kind.Array || value.kind === data.Kind.Dictionary) return true
  const raw = plain(value)
  return raw !== false && raw !== 0 && raw !== '' && raw !== null && !Number.isNaN(raw)
}

/** Text values of a mapping such as `env` or `with`. */
export function evaluateTexts(mapping: Map<string, Tree>, scope: Scope): Record<string, string> {
  return Object.fromEntries([...mapping].map(([key, tree]) => [key, evaluateText(tree, scope)]))
}

function valueOf(json: unknown): Value {
  if (json === null || json === undefined) return new data.Null()
  if (typeof json === 'string') return new data.StringData(json)
  if (typeof json === 'number') return new data.NumberData(json)
  if (typeof json === 'boolean') return new data.BooleanData(json)
  if (Array.isArray(json)) return new data.Array(...json.map(valueOf))
  return new data.Dictionary(...Object.entries(json).map(([key, value]) => ({ key, value: valueOf(value) })))
}

function plain(value: Value): unknown {
  return JSON.parse(JSON.stringify(value, data.replacer))
}
