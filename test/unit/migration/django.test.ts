import { expect, test } from '@jest/globals'
import { classifyMigration } from '@relman/core/migration/classify-migration'
import { migrationRisk } from '@relman/core/migration/migration-risk'
import { tokenizePython } from '@relman/core/migration/python/tokenize-python'
import fc from 'fast-check'

const head = 'from django.db import migrations, models\n\n'
const file = (operations: string, { before = '', attributes = '' } = {}) =>
  `${head}${before}class Migration(migrations.Migration):\n${attributes}    dependencies = [("shop", "0001_initial")]\n\n    operations = [\n${operations}\n    ]\n`
const path = 'shop/migrations/0002_b.py'
const read = (text: string) => classifyMigration(path, text)
const names = (operations: string, more = {}) => read(file(operations, more)).findings.map(({ name }) => name)
const field = (kind: string) => `migrations.AddField(model_name='order', name="total", field=${kind}),`

test.each<[string, string | null, string[]]>([
  [
    "migrations.CreateModel(name='A', fields=[('id', models.AutoField(primary_key=True))]),",
    'EXPAND',
    ['create-table'],
  ],
  [
    "migrations.CreateModel('A', []),\nmigrations.AddIndex('a', models.Index(fields=['x'], name='i')),",
    'EXPAND',
    ['create-table', 'on-new-table'],
  ],
  ["migrations.DeleteModel(name='A'),", 'IRREVERSIBLE', ['drop-table']],
  ["migrations.RenameModel('A', 'B'),", 'CONTRACT', ['rename-table']],
  [field('models.IntegerField(null=True)'), 'EXPAND', ['add-column']],
  [field('models.IntegerField(db_default=0)'), 'EXPAND', ['add-column']],
  [field('models.IntegerField(default=0)'), 'CONTRACT', ['add-required-column']],
  [field("models.ForeignKey('a.B', models.CASCADE, null=True)"), 'EXPAND', ['add-column']],
  [field("models.ManyToManyField('a.B')"), 'EXPAND', ['create-table']],
  [field('models.IntegerField(null=NULLABLE)'), 'CONTRACT', ['add-required-column']],
  [field('taggit.managers.TaggableManager(null=True)'), 'UNKNOWN', ['unread']],
  ["migrations.RemoveField('order', 'total'),", 'IRREVERSIBLE', ['drop-column']],
  ["migrations.AlterField('order', 'total', models.TextField()),", 'UNKNOWN', ['unread']],
  ["migrations.RenameField('order', 'sum', 'total'),", 'CONTRACT', ['rename-column']],
  ["migrations.AlterModelOptions(name='a', options={'ordering': ['-x']}),", null, ['nothing']],
  ["migrations.AlterUniqueTogether(name='a', unique_together={('x', 'y')}),", 'CONTRACT', ['add-unique']],
  ["migrations.AlterUniqueTogether(name='a', unique_together=set()),", 'CONTRACT', ['drop-constraint']],
  [
    "migrations.AddConstraint('a', models.UniqueConstraint(fields=['x'], name='u')),",
    'CONTRACT',
    ['add-unique'],
  ],
  [
    "migrations.AddConstraint('a', models.CheckConstraint(check=models.Q(x=1), name='c')),",
    'CONTRACT',
    ['add-constraint'],
  ],
  ['migrations.RunPython(fill, undo),', 'UNKNOWN', ['dynamic']],
  ['migrations.RunPython(fill, migrations.RunPython.noop),', 'UNKNOWN', ['dynamic']],
  ['migrations.RunPython(fill),', 'UNKNOWN', ['dynamic', 'one-way']],
  ['migrations.RunPython(migrations.RunPython.noop),', null, ['nothing']],
  ["migrations.RunSQL('CREATE INDEX CONCURRENTLY i ON t (c)', 'DROP INDEX i'),", 'EXPAND', ['create-index']],
  [
    "migrations.RunSQL(sql='CREATE VIEW v AS SELECT 1', reverse_sql=None),",
    'IRREVERSIBLE',
    ['create-object', 'one-way'],
  ],
  [
    "migrations.RunSQL(['DROP TABLE a', 'DROP TABLE ' 'b'], migrations.RunSQL.noop),",
    'IRREVERSIBLE',
    ['drop-table', 'drop-table'],
  ],
  ["migrations.RunSQL(f'DROP TABLE {x}', 'x'),", 'UNKNOWN', ['dynamic']],
  ["migrations.RunSQL(open('a.sql').read(), 'x'),", 'UNKNOWN', ['dynamic']],
  ["migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel('A')]),", null, []],
  [
    "migrations.SeparateDatabaseAndState([migrations.RemoveField('a', 'x')], []),",
    'IRREVERSIBLE',
    ['drop-column'],
  ],
  ['migrations.Unheard(),', 'UNKNOWN', ['unread']],
  ['migrations.constructor(),', 'UNKNOWN', ['unread']],
  ['*more,', 'UNKNOWN', ['unread']],
  ["migrations.AddField(**{'model_name': 'a'}),", 'UNKNOWN', ['unread']],
  ['', null, []],
])('P15, G15: %s is %s', (operations, kind, found) => {
  const migration = read(file(operations))
  expect([migration.class, migration.findings.map(({ name }) => name)]).toEqual([kind, found])
})

test('the operations of django.contrib.postgres count where they are imported from there', () => {
  const add = "AddIndexConcurrently('a', models.Index(fields=['x'], name='i')),"
  const before = 'from django.contrib.postgres.operations import (\n    AddIndexConcurrently,\n)\n'
  expect(names(add, { before })).toEqual(['create-index'])
  expect(names(add)).toEqual(['unread'])
  expect(names(add, { before: 'from mine import AddIndexConcurrently\n' })).toEqual(['unread'])
})

const drop = "migrations.DeleteModel('A'),"
test.each([
  ['Alembic', "from alembic import op\n\ndef upgrade():\n    op.drop_table('a')\n"],
  ['operations that grow', `${file('')}Migration.operations.append(migrations.DeleteModel('A'))\n`],
  [
    'a constant that changes them',
    `${file('')}x = Migration.operations.append(migrations.DeleteModel('A'))\n`,
  ],
  ['a function that changes them', `${file('')}def f():\n    Migration.operations = y\n\nx = f()\n`],
  ['a way to the class without its name', file('', { before: 'x = globals()\n' })],
  ['a second list', `${file('')}    operations = [${drop}]\n`],
  ['a list that is made', file('').replace('= [\n\n    ]', '= make()')],
  ['a list and more', file('').replace(/\]\n$/, '] + more\n')],
  ['a method', `${file('')}\n    def apply(self, *args):\n        drop()\n`],
  ['another base', file('').replace('(migrations.Migration)', '(Base)')],
  ['migrations that are something else', `import mine as migrations\n${file('').slice(head.length)}`],
  ['a name that is bound again', file('', { before: 'migrations = mine\n' })],
  ['migrations that another import brings', file('', { before: 'from mine import migrations\n' })],
  ['migrations by another name', file('', { before: 'import mine as migrations\n' })],
  ['everything of another module', file('', { before: 'from mine import *\n' })],
  ['models of its own', file('', { before: 'class models:\n    pass\n' })],
  ['a decorator', file('', { before: '@mine\n' })],
  ['code of the module', file('', { before: 'if True:\n    drop()\n' })],
  ['two statements on a line', file('', { attributes: '    initial = True; operations = []\n' })],
  ['letters of another alphabet', `${file('')}    ｏperations = [${drop}]\n`],
  ['a string that is not closed', `${file('')}x = "`],
  ['a string that ends where the version of Python says', `${file('', { before: "x = f'{a['b']}'\n" })}`],
  ['brackets that do not fit', file('').replace(/\]\n$/, ')\n')],
  ['nothing', ''],
])('a file with %s is not understood', (_, text) => {
  const migration = read(text)
  expect([migration.class, migration.findings.map(({ name }) => name)]).toEqual(['UNKNOWN', ['unread']])
})

test('imports and functions that change no name of Django are read over', () => {
  const before =
    'import shop.models\nfrom shop.models import Order\nfrom django.contrib.gis.db import models\n\ndef fill(apps, editor):\n    for x in apps:\n        x.operations()\n\n'
  expect(names(drop, { before })).toEqual(['drop-table'])
})

test('what stands in text and comments counts for nothing, and lines are those of the file', () => {
  const before = '"""operations = [migrations.DeleteModel()]"""\n# operations = []\n'
  const found = read(file(`# migrations.DeleteModel('A'),\n${drop}`, { before }))
  expect(found.findings).toMatchObject([{ name: 'drop-table', what: 'a', line: 10 }])
})

const risk = (text: string) =>
  migrationRisk([{ path, sql: text, status: 'added' }], { before: [], code: true })

test('G15: code without a way back is flagged unless a forward fix is declared; it is not blocked for that', () => {
  const one = risk(file('migrations.RunPython(fill),'))
  expect([one.level, one.blocked, one.flags]).toMatchObject([
    'high',
    [],
    [
      {
        code: 'no-way-back',
        words: expect.stringMatching(/has no reverse_code, line 7: write one, or declare "# forward-fix/),
      },
    ],
  ])
  expect(risk(`# forward-fix: run it again\n${file('migrations.RunPython(fill),')}`).flags).toEqual([])
  expect(risk(file('migrations.RunPython(fill, undo),')).flags).toEqual([])
})

test('P15: a field that the previous version does not fill is blocked beside code; one that may be left out is medium', () => {
  const required = risk(file(field('models.IntegerField(default=0)')))
  expect(required.blocked).toEqual([
    expect.stringMatching(/Django takes its default away again.* \(order\.total\)/),
  ])
  const optional = risk(file(field('models.IntegerField(null=True)')))
  expect([optional.level, optional.blocked, optional.flags, optional.previousVersionRuns]).toEqual([
    'medium',
    [],
    [],
    true,
  ])
})

test('any text is read to its end, and nothing is low because it is not understood', () => {
  const pieces = fc.array(
    fc.constantFrom(
      '"',
      "'",
      '"""',
      'f"',
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      '\\',
      '\n',
      ' ',
      '#',
      'a',
      '=',
      ',',
      'é',
    ),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('')
      expect(tokenizePython(text).tokens.every(({ line }) => line >= 1)).toBe(true)
      expect(read(text).class).toBe('UNKNOWN')
    }),
    { numRuns: 300 },
  )
})

const add = field('models.IntegerField(null=True)')
const patch = "setattr(migrations, 'AddField', migrations.RemoveField)"
test.each([
  ['a carriage return that ends a comment', file(`${add} # fine\rmigrations.DeleteModel('A'),`)],
  ['a carriage return behind the class', `${file(add)}# done\rMigration.operations.append(x)\n`],
  ['an encoding that hides a line', `# coding: utf-7\n${file(`${add} # +AAo-migrations.DeleteModel('A'),`)}`],
  ['an encoding on its second line', `#!x\n# -*- coding: unicode_escape -*-\n${file(add)}`],
  [
    'a form feed that ends a function',
    file(add, { before: 'def f():\n    pass\n\fmigrations.AddField = x\n' }),
  ],
  ['a line that begins with a backslash', file(add, { before: 'def f():\n    pass\n\\\n  x()\n' })],
  ['a NUL', file(`${add} # \0`)],
  ['a constant that is called', file(add, { before: `X = ${patch}\n` })],
  ['a constant that is called without a name', file(add, { before: "X = (a)('b')\n" })],
  ['a constant that binds two names', file(add, { before: 'X = migrations = evil\n' })],
  ['a constant that assigns inside', file(add, { before: 'X = (migrations := evil)\n' })],
  ['a constant that is made of objects', file(add, { before: 'X = evil * migrations\n' })],
  ['a constant made at run time', file(add, { before: 'X = f"{evil()}"\n' })],
  ['a constant that is looked up', file(add, { before: 'X = evil[migrations]\n' })],
  ['a constant in the place of Django', file(add, { before: 'django = evil\n' })],
  ['text that is more than text', file(add, { before: `"" or ${patch}\n` })],
  ['text that runs code', file(add, { before: 'f"{evil()}"\n' })],
  ['another class', file(add, { before: 'class X:\n    migrations.AddField = migrations.RemoveField\n' })],
  ['a default that is called', file(add, { before: `def x(a=${patch}):\n    pass\n` })],
  ['an attribute that is called', file(add, { attributes: '    initial = evil()\n' })],
  ['an attribute that assigns inside', file(add, { attributes: '    replaces = [(migrations := evil)]\n' })],
  ['text of the class that is more', `${file(add)}    "" or evil.patch(__qualname__)\n`],
  [
    'migrations of another part of Django',
    file(add, { before: 'from django.contrib.x import migrations\n' }),
  ],
])('a file with %s is not understood either', (_, text) => {
  expect(read(text).class).toBe('UNKNOWN')
})

test.each([
  ['a cookie of UTF-8', `# -*- coding: utf-8 -*-\n${file(add)}`],
  ['lines that end as on Windows', file(add).replaceAll('\n', '\r\n')],
  ['a form feed on a line of its own', file(add, { before: 'def f():\n    pass\n\f\n' })],
  ['constants', file(add, { before: 'A = {"a": [-1, None, 60 * 60]}\nUSER = settings.AUTH_USER_MODEL\n' })],
  ['a function with defaults', file(add, { before: 'def f(apps, editor=None, *more):\n    g()\n' })],
  [
    'a dependency on a setting',
    file(add).replace('[("shop"', '[migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("shop"'),
  ],
  [
    'a field with what Django writes',
    file(
      field(
        "models.DecimalField(null=True, validators=[django.core.validators.MinValueValidator(0)], default=decimal.Decimal('1'), help_text='a\\xa0b', choices=[('a', 'A')])",
      ),
    ),
  ],
  ['an index in an order', file("migrations.AddIndex('a', models.Index(models.F('x').desc(), name='i')),")],
])('a file with %s is read', (_, text) => {
  expect(read(text).class).toBe('EXPAND')
})

const create = (more: string) => `migrations.CreateModel(name='Customers', fields=[], ${more}),`
const back = 'reverse_sql=migrations.RunSQL.noop'
test.each<[string, string, string[]]>([
  [
    `${create('')}\nmigrations.RunSQL("DROP TABLE customers", ${back}),`,
    'IRREVERSIBLE',
    ['create-table', 'drop-table'],
  ],
  [
    `${field('models.IntegerField(null=True)')}\nmigrations.RunSQL('UPDATE "order" SET total = 1', ${back}),`,
    'IRREVERSIBLE',
    ['add-column', 'overwrite-rows'],
  ],
  [
    `migrations.RunSQL(['CREATE TABLE a (b int)', 'ALTER TABLE a DROP b'], ${back}),`,
    'EXPAND',
    ['create-table', 'on-new-table'],
  ],
  ...["{'managed': False}", "{'proxy': True}", "{'managed': evil}", "{'swappable': 'X'}", 'OPTIONS'].map(
    (options): [string, string, string[]] => [
      `${create(`options=${options}`)}\nmigrations.RemoveField('customers', 'x'),`,
      'IRREVERSIBLE',
      ['create-table', 'drop-column'],
    ],
  ),
  [
    `${create("options={'db_table': 'c', 'managed': True}")}\nmigrations.RemoveField('customers', 'x'),`,
    'EXPAND',
    ['create-table', 'on-new-table'],
  ],
  [`migrations.RunSQL("SELECT 1; -- fine\\rDROP TABLE a", ${back}),`, 'UNKNOWN', ['dynamic']],
  [create('bases=(evil(),)'), 'UNKNOWN', ['create-table', 'unread']],
  [create('bases=(x := evil,)'), 'UNKNOWN', ['create-table', 'unread']],
  [create('bases=(Evil(migrations),)'), 'UNKNOWN', ['create-table', 'unread']],
  [create('bases=(evil.F(models.Q).run(),)'), 'UNKNOWN', ['create-table', 'unread']],
  [field('models.IntegerField(null=True, primary_key=1)'), 'CONTRACT', ['add-unique']],
  [field('models.IntegerField(null=True, db_default=0, unique=not False)'), 'CONTRACT', ['add-unique']],
  [field("models.IntegerField('a', 'b', True, null=True)"), 'UNKNOWN', ['unread']],
  [field('models.IntegerField(db_default=None)'), 'CONTRACT', ['add-required-column']],
  [field('models.IntegerField(null=1)'), 'CONTRACT', ['add-required-column']],
])('what may be worse counts as the worse: %s is %s', (operations, kind, found) => {
  const migration = read(file(operations))
  expect([migration.class, migration.findings.map(({ name }) => name)]).toEqual([kind, found])
})

test.each(['True', '1', 'not False', 'UNIQUE'])(
  'a column with unique=%s is built while writes wait',
  (value) => {
    expect(risk(file(field(`models.IntegerField(null=True, unique=${value})`))).level).toBe('high')
  },
)

const nested = (levels: number, inner: string) =>
  file(`${'migrations.SeparateDatabaseAndState(['.repeat(levels)}${inner}${'])'.repeat(levels)}`)
test('operations in operations are read a few levels deep, and no depth ends the reading', () => {
  expect(read(nested(3, drop)).class).toBe('IRREVERSIBLE')
  for (const levels of [4, 3000, 20_000])
    expect(read(nested(levels, '')).findings).toMatchObject([
      { name: 'unread', why: 'operations nested more than 4 deep' },
    ])
  expect(read(file(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).class).toBe('UNKNOWN')
})
