import { blocks } from './blocks.ts'
import type { Operation, OperationName } from './operation.ts'
import { hidesMore, named, nameIn, partsOf, type Statement } from './statement.ts'

type Found = Pick<Operation, 'name' | 'column' | 'locks'> & { to?: string; why?: string }
type Rule = [RegExp, OperationName | ((match: string[], names: (text?: string) => string) => Found)]

const rule = (pattern: string): RegExp => new RegExp(`^${pattern.replaceAll('NAME', `(${named})`)}$`)
const plain = (name: OperationName, locks: string | null = null): Found => ({ name, column: null, locks })
const ofColumn =
  (name: OperationName, locks: string | null = null) =>
  ([, column]: string[], names: (text?: string) => string): Found => ({ name, column: names(column), locks })

/** Row by row: the first that matches a whole action decides. What none matches is not understood. */
const rules: Rule[] = [
  [rule('RENAME TO NAME'), ([, to], names) => ({ ...plain('rename-table'), to: names(to) })],
  [rule('RENAME (?:INDEX|KEY) NAME TO NAME'), () => plain('rename-index')],
  [rule('RENAME CONSTRAINT NAME TO NAME'), 'rename-object'],
  [
    rule('RENAME (?:COLUMN )?NAME TO NAME'),
    ([, from, to], names) => ({ ...plain('rename-column'), column: names(from), to: names(to) }),
  ],
  [rule('RENAME (?:AS )?NAME'), ([, to], names) => ({ ...plain('rename-table'), to: names(to) })],
  [rule('ADD (?:CONSTRAINT NAME )?(?:FOREIGN KEY|CHECK) .* NOT VALID'), 'add-constraint-not-valid'],
  [
    rule('ADD (?:CONSTRAINT NAME )?(?:FOREIGN KEY|CHECK|NOT NULL) .*'),
    () => plain('add-constraint', blocks.scan),
  ],
  [rule('ADD (?:CONSTRAINT NAME )?(?:UNIQUE|PRIMARY KEY) USING INDEX .*'), 'add-unique'],
  [
    rule('ADD (?:CONSTRAINT NAME )?(?:UNIQUE|PRIMARY KEY|EXCLUDE) .*'),
    () => plain('add-unique', blocks.build),
  ],
  [rule('ADD (?:INDEX|KEY|FULLTEXT|SPATIAL) .*'), () => plain('create-index', blocks.build)],
  [rule('ADD PARTITION .*'), 'attach-partition'],
  [rule('ADD (?:COLUMN )?(?:IF NOT EXISTS )?NAME (.+)'), (match, names) => addedColumn(match, names)],
  [rule('VALIDATE CONSTRAINT NAME'), 'validate-constraint'],
  [
    rule('DROP (?:CONSTRAINT|FOREIGN KEY|CHECK) (?:IF EXISTS )?NAME(?: CASCADE| RESTRICT)?'),
    'drop-constraint',
  ],
  [rule('DROP PRIMARY KEY'), 'drop-constraint'],
  [rule('DROP (?:INDEX|KEY) NAME'), 'drop-index'],
  [rule('(?:DROP|TRUNCATE) PARTITION .*'), 'drop-data'],
  [rule('DROP (?:COLUMN )?(?:IF EXISTS )?NAME CASCADE'), ofColumn('drop-column')],
  [rule('DROP (?:COLUMN )?(?:IF EXISTS )?NAME(?: RESTRICT)?'), ofColumn('drop-column')],
  [rule('ALTER (?:COLUMN )?NAME SET NOT NULL'), ofColumn('set-not-null', blocks.scan)],
  [rule('ALTER (?:COLUMN )?NAME DROP NOT NULL'), ofColumn('drop-not-null')],
  [rule('ALTER (?:COLUMN )?NAME DROP DEFAULT'), ofColumn('drop-default')],
  [rule('ALTER (?:COLUMN )?NAME SET DEFAULT .+'), ofColumn('set-default')],
  [rule('ALTER (?:COLUMN )?NAME (?:SET DATA )?TYPE .+'), ofColumn('change-type', blocks.rewrite)],
  [
    rule(
      'ALTER (?:COLUMN )?NAME (?:DROP (?:EXPRESSION|IDENTITY)(?: IF EXISTS)?|SET EXPRESSION .*|ADD GENERATED .*|SET GENERATED .*|RESTART.*)',
    ),
    ofColumn('change-generated'),
  ],
  [rule('ALTER (?:COLUMN )?NAME SET (?:STATISTICS|STORAGE|COMPRESSION) .+'), 'nothing'],
  [rule('MODIFY (?:COLUMN )?NAME .+'), ofColumn('change-type', blocks.rewrite)],
  [
    rule('CHANGE (?:COLUMN )?NAME NAME .+'),
    ([, from, to], names) =>
      names(from) === names(to)
        ? { ...plain('change-type', blocks.rewrite), column: names(from) }
        : { ...plain('rename-column'), column: names(from), to: names(to) },
  ],
  [rule('(?:ENABLE|DISABLE|FORCE|NO FORCE) ROW LEVEL SECURITY'), 'change-access'],
  [rule('OWNER TO NAME'), 'change-access'],
  [rule('(?:ENABLE|DISABLE) (?:REPLICA |ALWAYS )?(?:TRIGGER|RULE) .+'), 'change-trigger'],
  [rule('SET SCHEMA NAME'), 'set-schema'],
  [rule('REPLICA IDENTITY .+'), 'change-replication'],
  [rule('ATTACH PARTITION .+'), () => plain('attach-partition', blocks.scan)],
  [rule('DETACH PARTITION NAME CONCURRENTLY'), 'detach-partition'],
  [rule('DETACH PARTITION NAME(?: FINALIZE)?'), () => plain('detach-partition', blocks.whole)],
  [rule('NO INHERIT NAME'), 'detach-partition'],
  [
    rule('(?:SET TABLESPACE|CLUSTER ON) .+|SET (?:UN)?LOGGED|SET WITHOUT CLUSTER'),
    () => plain('maintain', blocks.rewrite),
  ],
  [rule('(?:SET|RESET) \\( .* \\)'), 'nothing'],
]

/** What one `ALTER TABLE` does, action by action. */
export const alterTable = (statement: Statement): Operation[] => {
  const match = new RegExp(
    `^ALTER (?:FOREIGN )?TABLE (?:IF EXISTS )?(?:ONLY )?(${named})(?: \\*)? (.+)$`,
  ).exec(statement.shape)
  const names = (text?: string): string => nameIn(text, statement)
  const table = names(match?.[1])
  const here = { table, line: statement.line }
  if (!match) return [{ ...here, ...plain('unread') }]
  return partsOf(match[2] ?? '').map((action): Operation => ({ ...here, ...actionOf(action, names) }))
}

const actionOf = (action: string, names: (text?: string) => string): Found => {
  for (const [pattern, found] of rules) {
    const match = pattern.exec(action)
    if (!match) continue
    // Its own verbs are the first word and, of a column, a DROP. A pattern without a loose end hides nothing.
    const rest = action.slice(action.indexOf(' ') + 1).replace(/^COLUMN /, '')
    if (/\.[+*]/.test(pattern.source) && hidesMore(rest.replace(/^\S+ DROP /, ''))) return plain('unread')
    return typeof found === 'string' ? plain(found) : found([...match] as string[], names)
  }
  return plain('unread')
}

/** A column with its type and the rest of its definition. */
const addedColumn = ([, column, tail = '']: string[], names: (text?: string) => string): Found => {
  const fills =
    /(?:^| )(?:DEFAULT|GENERATED|AUTO_INCREMENT|AUTOINCREMENT|IDENTITY)(?: |$)|^(?:BIG|SMALL)?SERIAL\d?(?: |$)/.test(
      tail,
    )
  const stored =
    /(?:^| )STORED(?: |$)|^(?:BIG|SMALL)?SERIAL\d?(?: |$)|(?:^| )GENERATED [A-Z ]*AS IDENTITY/.test(tail)
  const computed = /(?:^| )DEFAULT (?!NOW \(|CURRENT_)(?:"\d+"|[A-Z_]\w*)(?: \. [^\s]+)* \(/.test(tail)
  const keyed = /(?:^| )(?:UNIQUE|PRIMARY KEY)(?: |$)/.test(tail)
  const refers = /(?:^| )REFERENCES(?: |$)/.test(tail)
  const locks = stored || computed ? blocks.rewrite : keyed ? blocks.build : refers ? blocks.reference : null
  const found = { column: names(column), locks }
  if (/(?:^| )PRIMARY KEY(?: |$)/.test(tail)) return { name: 'add-unique', ...found }
  if (/(?:^| )NOT NULL(?: |$)/.test(tail) && !fills) return { name: 'add-required-column', ...found }
  return { name: 'add-column', ...found }
}
