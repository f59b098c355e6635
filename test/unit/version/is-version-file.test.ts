import { expect, test } from '@jest/globals'
import { isVersionFile } from '@relman/core/version/is-version-file'

test.each([
  ...[
    'package.json',
    'web/package-lock.json',
    'CHANGELOG.md',
    'docs/CHANGES',
    'VERSION',
    'lib/shop/version.rb',
  ],
  ...['Cargo.toml', '.changeset/odd-cat.md', 'src/Shop.csproj', 'shop/_version.py', 'pom.xml', 'History.rst'],
])('P12: a release itself changes %s', (path) => {
  expect(isVersionFile(path)).toBe(true)
})
test.each(['src/login.ts', 'src/versions/login.ts', 'release/login.ts', 'src/conversion.ts', 'history/a.ts'])(
  'P12: %s is code',
  (path) => {
    expect(isVersionFile(path)).toBe(false)
  },
)
