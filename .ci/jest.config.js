import base from '../jest.config.js'

// Checks that take minutes or need a program that `npm ci` does not bring: `.ci/checks` runs them, one at a time.
const [{ displayName: _, testPathIgnorePatterns: __, ...common }] = base.projects
// biome-ignore lint/style/noDefaultExport: the way jest wants it
export default {
  ...common,
  testMatch: ['<rootDir>/test/ci/*.check.ts'],
  reporters: ['default'],
  maxWorkers: 1,
}
