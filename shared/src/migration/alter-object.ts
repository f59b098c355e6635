import type { Operation, OperationName } from './operation.ts'
import { hidesMore, named, nameIn, type Statement } from './statement.ts'

const kinds =
  '(?:MATERIALIZED VIEW|VIEW|SCHEMA|SEQUENCE|TYPE|DOMAIN|FUNCTION|PROCEDURE|AGGREGATE|EXTENSION|POLICY|TRIGGER|DATABASE|ROLE|USER|COLLATION|INDEX)'

const rules: [RegExp, OperationName][] = [
  [/^ALTER INDEX (?:IF EXISTS )?\S+(?: \. \S+)* RENAME TO \S+$/, 'rename-index'],
  [/^ALTER TYPE .* ADD VALUE (?:IF NOT EXISTS )?'\d+'$/, 'add-enum-value'],
  [/^ALTER TYPE .* ADD VALUE (?:IF NOT EXISTS )?'\d+' (?:BEFORE|AFTER) '\d+'$/, 'change-enum'],
  [/^ALTER TYPE .* RENAME VALUE '\d+' TO '\d+'$/, 'rename-object'],
  [/^ALTER TYPE \S+(?: \. \S+)* DROP ATTRIBUTE .*$/, 'drop-data'],
  [/^ALTER TYPE \S+(?: \. \S+)* (?:ADD|ALTER) ATTRIBUTE .*$/, 'change-type'],
  [/^ALTER DOMAIN .* ADD .* NOT VALID$/, 'add-constraint-not-valid'],
  [/^ALTER DOMAIN \S+(?: \. \S+)* ADD .*$/, 'add-constraint'],
  [/^ALTER DOMAIN .* VALIDATE CONSTRAINT \S+$/, 'validate-constraint'],
  [/^ALTER DOMAIN \S+(?: \. \S+)* SET NOT NULL$/, 'set-not-null'],
  [/^ALTER DOMAIN \S+(?: \. \S+)* DROP NOT NULL$/, 'drop-not-null'],
  [/^ALTER DOMAIN \S+(?: \. \S+)* DROP CONSTRAINT .*$/, 'drop-constraint'],
  [/^ALTER DOMAIN \S+(?: \. \S+)* DROP DEFAULT$/, 'drop-default'],
  [/^ALTER DOMAIN \S+(?: \. \S+)* SET DEFAULT .*$/, 'set-default'],
  [
    new RegExp(`^ALTER ${kinds} .* RENAME (?:ATTRIBUTE \\S+ |COLUMN \\S+ )?TO \\S+(?: CASCADE| RESTRICT)?$`),
    'rename-object',
  ],
  [new RegExp(`^ALTER ${kinds} .* SET SCHEMA \\S+$`), 'set-schema'],
  [new RegExp(`^ALTER ${kinds} .* OWNER TO \\S+$`), 'change-access'],
  [/^ALTER SEQUENCE .*$/, 'change-sequence'],
  [/^ALTER POLICY .*$/, 'change-access'],
  [/^ALTER (?:ROLE|USER) .*$/, 'change-access'],
]

/** What an `ALTER` of anything but a table does. */
export const alterObject = (statement: Statement): Operation => {
  const { shape, line } = statement
  const found = rules.find(([pattern]) => pattern.test(shape))
  const name = new RegExp(`^ALTER ${kinds} (?:IF EXISTS )?(${named})`).exec(shape)?.[1]
  const tail = shape
    .replace(/^ALTER /, '')
    .replace(/^(.*?) (?:DROP|RENAME|ALTER) (?=ATTRIBUTE|TO|VALUE|NOT NULL|DEFAULT|CONSTRAINT)/, '$1 ')
  return {
    name: found && !hidesMore(tail) ? found[1] : 'unread',
    table: nameIn(name, statement),
    column: null,
    locks: null,
    line,
  }
}
