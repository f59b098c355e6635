import { existsSync, readFileSync } from 'node:fs'

// Reads what `.ci/run` wrote: one line per check, `name<TAB>status[<TAB>report]`. A check with a report of jest
// counts as its tests; every other one counts as itself. Prints the sum as its last line.
const lines = readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean)
let passed = 0
let failed = 0

for (const line of lines) {
  const [name, status, report] = line.split('\t')
  const result = report ? testsOf(report) : status === '0' ? [1, 0] : [0, 1]
  // A runner that ends badly although no test failed has crashed: that is a failure too.
  if (result[1] === 0 && status !== '0') result[1] = 1
  console.log(
    `${result[1] === 0 ? 'ok    ' : 'FAILED'}  ${name}: ${result[0]} passed, ${result[1]} failed (status ${status})`,
  )
  passed += result[0]
  failed += result[1]
}
if (lines.length === 0) failed += 1

console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 3

function testsOf(report) {
  if (!existsSync(report)) return [0, 1]
  const jest = JSON.parse(readFileSync(report, 'utf8'))
  const bad = jest.numFailedTests + jest.numRuntimeErrorTestSuites
  const unfinished = jest.wasInterrupted || !jest.success || jest.numPassedTests === 0
  return [jest.numPassedTests, bad === 0 && unfinished ? 1 : bad, jest.numPendingTests + jest.numTodoTests]
}
