import { matchPath } from './match-path.ts'
import { pathClasses } from './path-classes.ts'

const inFolder = matchPath(
  pathClasses.filter(({ name }) => name === 'migration').flatMap(({ globs }) => globs),
)
/** Dumps of the whole schema follow from the migrations; notes, locks and snapshots beside them never run. */
const beside = matchPath([
  '**/{structure.sql,schema.rb,schema.prisma,env.py,__init__.py,conftest.py}',
  '**/*.{md,txt,toml,json,lock,mako,ini,snap,png,gitkeep,keep}',
  '**/.*',
])

/** Whether a file is a migration that runs, and not a dump of the schema or what lies beside migrations. */
export const isMigration = (path: string): boolean => inFolder(path) && !beside(path)
