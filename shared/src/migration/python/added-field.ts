import { blocks } from '../blocks.ts'
import type { Operation } from '../operation.ts'
import { argument, type Call, callOf, isWord } from './call.ts'
import { isDatabaseDefault } from './plain.ts'

type Found = Pick<Operation, 'name' | 'locks'> & { why?: string }

const own = /^(?:models|django\.db\.models|django\.contrib\.(?:postgres|gis)(?:\.[a-z]+)+)\.[A-Za-z]+$/
const referring = /\.(?:ForeignKey|OneToOneField)$/
const keyed = /\.(?:OneToOneField|SlugField)$/

/**
 * What `AddField` does to the version that still runs; Django takes a `default` away again, and keeps a `db_default`. A value
 * that is neither True nor False counts as the worse of the two.
 */
export const addedField = (call: Call): Found => {
  const tokens = argument(call, 'field', 2)
  const field = tokens ? callOf(tokens) : null
  if (!field || !own.test(field.callee))
    return { name: 'unread', locks: null, why: 'adds a field whose kind is not known' }
  if (field.callee.endsWith('.ManyToManyField'))
    return { name: 'create-table', locks: null, why: 'adds a table of links' }
  // Behind its two names, a field takes `primary_key` and more by place.
  if (field.positional.length > 2 && !referring.test(field.callee))
    return { name: 'unread', locks: null, why: 'adds a field whose arguments have no names' }
  const may = (name: string): boolean => field.named.has(name) && !isWord(field.named.get(name), 'False')
  if (may('primary_key') || /AutoField$/.test(field.callee))
    return { name: 'add-unique', locks: blocks.rewrite }
  const generated = field.callee.endsWith('.GeneratedField')
  if (generated && !may('unique')) return { name: 'add-column', locks: blocks.rewrite }
  // The previous version leaves the column at its default: the second row of it is a duplicate.
  const valued = generated || isDatabaseDefault(field.named.get('db_default'))
  if (valued && (may('unique') || field.callee.endsWith('.OneToOneField')))
    return { name: 'add-unique', locks: generated ? blocks.rewrite : blocks.build }
  const built =
    may('unique') ||
    may('db_index') ||
    (keyed.test(field.callee) && !isWord(field.named.get('db_index'), 'False'))
  const locks = referring.test(field.callee) ? blocks.reference : built ? blocks.build : null
  if (isWord(field.named.get('null'), 'True') || valued) return { name: 'add-column', locks }
  return {
    name: 'add-required-column',
    locks,
    why: 'adds a column that the previous version does not fill (Django takes its default away again; null=True or db_default keep it running)',
  }
}
