import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { planBakes } from '@relman/core/plan/plan-bakes'
import { showExposure } from '@relman/core/plan/show-exposure'
import { facts } from './facts.ts'

const shown = (assume: object, steps?: object[]) => {
  const policy = {
    metrics: {
      prometheus: { url: 'https://prometheus.example' },
      checks: [
        { kind: 'ratio', name: 'errors', total: 't', events: 'e' },
        { kind: 'rate', name: 'orders', total: 't', events: 'o' },
      ],
    },
    rollout: { assume, ...(steps ? { steps } : {}) },
  }
  return showExposure(drawPlan(facts({ bake: planBakes(config.parse(policy)) }, policy)))
}

test('P20: where the traffic is too little the plan says what helps, once', () => {
  const page = shown({ rate: 5, instances: 20 })
  expect(page).toMatch(/^- ⚠ errors at 50 %: half of such steps need more/m)
  expect(page.match(/What helps: a longer patience/g)).toHaveLength(1)
  expect(shown({ rate: 20_000, instances: 20 })).not.toContain('What helps')
})

test('P20: where instances differ too much it says that waiting does not help', () => {
  const page = shown({ rate: 2000, errors: '2 %', instances: 20, spread: 0.5 })
  expect(page).toMatch(/What helps.*: more instances of the new version or a wider margin, and no waiting$/m)
})

test('P20: what so few instances can never prove is on the page, whole', () => {
  const page = shown({ rate: 200, instances: 4 })
  expect(page).toMatch(
    /^- ⚠ orders .*never proven at 10 %.*required: false, so that it only speaks against$/m,
  )
})
