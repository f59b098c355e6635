export const riskLevels = ['low', 'medium', 'high'] as const
export type RiskLevel = (typeof riskLevels)[number]

/** The higher of two levels. */
export const higher = (a: RiskLevel, b: RiskLevel): RiskLevel =>
  riskLevels.indexOf(a) >= riskLevels.indexOf(b) ? a : b
