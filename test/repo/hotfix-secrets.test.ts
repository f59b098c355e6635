import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'

const read = (name: string) => parse(readFileSync(join(import.meta.dirname, '../../workflows', name), 'utf8'))

test('a hotfix reaches whatever a release reaches: it takes every secret of release.yml and hands it on', () => {
  const [release, hotfix] = [read('release.yml'), read('hotfix.yml')]
  const wanted = Object.keys(release.on.workflow_call.secrets)
  expect(Object.keys(hotfix.on.workflow_call.secrets)).toEqual(wanted)
  expect(hotfix.jobs.release.secrets).toEqual(
    Object.fromEntries(wanted.map((name) => [name, `\${{ secrets.${name} }}`])),
  )
})
