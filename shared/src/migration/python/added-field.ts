import { blocks } from '../blocks.ts'
import type { Operation } from '../operation.ts'
import { argument, type Call, callOf, isWord } from './call.ts'

type Found = Pick<Operation, 'name' | 'locks'> & { why?: string }

const own = /^(?:models|django\.db\.models|django\.contrib\.(?:postgres|gis)(?:\.[a-z]+)+)\.[A-Za-z]+$/
const referring = /\.(?:ForeignKey|OneToOneField)$/
const keyed = /\.(?:OneToOneField|SlugField)$/

/** What `AddField` does to the version that still runs; Django takes a `default` away again, and keeps a `db_default`. */
export const addedField = (call: Call): Found => {
  const tokens = argument(call, 'field', 2)
  const field = tokens ? callOf(tokens) : null
  if (!field || !own.test(field.callee))
    return { name: 'unread', locks: null, why: 'adds a field whose kind is not known' }
  if (field.callee.endsWith('.ManyToManyField'))
    return { name: 'create-table', locks: null, why: 'adds a table of links' }
  if (field.callee.endsWith('.GeneratedField')) return { name: 'add-column', locks: blocks.rewrite }
  const says = (name: string): boolean => isWord(field.named.get(name), 'True')
  if (says('primary_key') || /AutoField$/.test(field.callee))
    return { name: 'add-unique', locks: blocks.rewrite }
  const built =
    says('unique') ||
    says('db_index') ||
    (keyed.test(field.callee) && !isWord(field.named.get('db_index'), 'False'))
  const locks = referring.test(field.callee) ? blocks.reference : built ? blocks.build : null
  if (says('null') || field.named.has('db_default')) return { name: 'add-column', locks }
  return {
    name: 'add-required-column',
    locks,
    why: 'adds a column that the previous version does not fill (Django takes its default away again; null=True or db_default keep it running)',
  }
}
