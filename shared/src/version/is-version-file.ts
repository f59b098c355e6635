const names = new Set(
  [
    ...[
      'package.json',
      'package-lock.json',
      'npm-shrinkwrap.json',
      'yarn.lock',
      'pnpm-lock.yaml',
      'lerna.json',
    ],
    ...['pyproject.toml', 'setup.py', 'setup.cfg', 'poetry.lock', 'uv.lock', '__init__.py', '__about__.py'],
    ...['cargo.toml', 'cargo.lock', 'pom.xml', 'gradle.properties', 'build.gradle', 'build.gradle.kts'],
    ...[
      'composer.json',
      'gemfile.lock',
      'mix.exs',
      'build.sbt',
      'chart.yaml',
      'pubspec.yaml',
      'deno.json',
      'jsr.json',
    ],
    ...[
      'directory.build.props',
      'manifest.json',
      '.release-please-manifest.json',
      '.bumpversion.cfg',
      '.bumpversion.toml',
    ],
  ].map((name) => name.toLowerCase()),
)
const shapes =
  /^(?:_{0,2}version_{0,2}(?:\.[a-z]{1,5})?|(?:changelog|changes|history|news|releases?)(?:[-_.][\w.-]*)?|.*\.(?:csproj|fsproj|gemspec|podspec|nuspec|cabal))$/i

/** What a commit that makes a release changes: where a version is written down, locks of it, and changelogs. By its name alone. */
export const isVersionFile = (path: string): boolean => {
  const folders = path.split('/')
  const name = (folders.pop() ?? '').toLowerCase()
  return names.has(name) || shapes.test(name) || folders.some((folder) => /^\.?changesets?$/.test(folder))
}
