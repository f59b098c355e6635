/** Every reason a verdict or a metric can carry, with its meaning. Stable codes: only ever added to. */
export const verdictReasons = {
  proven: 'the margin of the step is proven',
  'error-rate-above-margin': 'more errors per request than the stable version',
  'latency-above-margin': 'more slow requests than the stable version',
  'business-decline': 'a business count fell against the stable version',
  'dependency-failures': 'more failures of dependencies than the stable version',
  'value-worse': 'a plain value is worse than on the stable version, look after look',
  'health-checks-failing': 'instances fail their health checks',
  'ceiling-exceeded': 'an absolute ceiling is exceeded',
  'not-proven-yet': 'nothing strong against, not enough for',
  'evidence-against': 'too much evidence against to go on, too little to roll back',
  'minimum-bake': 'the minimum time of the step is not over',
  'learning-baseline': 'the first interval without history only teaches the baseline',
  'one-instance': 'a single canary instance carries the evidence; replace it',
  'too-little-seen':
    'the evidence is strong, and too little was seen of the stable version to tell a bad release from trouble of one instance',
  unprovable: 'the margin cannot be proven: instances differ by more than that',
  'no-data': 'the metric was never seen on an arm',
  'metric-vanished': 'the metric was seen and is no longer',
  'no-traffic': 'no requests during the interval',
  'warming-up': 'much of the canary is within its warm-up',
  'bad-data': 'the metrics provider gave numbers that cannot be',
  'arms-swapped': 'canary and stable look exchanged, or share an instance',
  'canary-shrank': 'canary instances are gone, and requests with them',
  'bucket-edges-differ': 'the latency edge to judge is missing on an arm',
  'clock-jumped': 'the interval runs backwards or overlaps what was already counted',
  'baseline-too-weak':
    'the previous release was measured at another time; that can speak against, and proves nothing',
  'no-required-metric': 'no criterion is required, so nothing can be proven',
} as const

export type VerdictReason = keyof typeof verdictReasons
