/** What the second stage is worth, for people. */
import type { Gain, Stage, StageReport } from './second-stage.js'
import type { SimilarReport } from './similar.js'
import type { VarietyReport } from './variety.js'

export function stageLines({ report, beside, variety }: Stage): string[] {
  return [
    ...(report ? linear(report) : []),
    ...(beside ? [similar(beside)] : []),
    ...(variety ? [ofVariety(variety)] : []),
  ]
}

function ofVariety({ strength, cost, lists }: VarietyReport): string {
  return `variety: true means ${strength} here, which costs ${(100 * cost).toFixed(1)} % of NDCG@10 on ${lists} held-out lists`
}

function similar({ kept, factor, ...gain }: SimilarReport): string {
  return `similar: the same category counts ${kept ? `${factor} times as much, ` : 'as much as others; more would give '}${text(gain)} MRR@20`
}

function linear({ kept, lists, whole, features }: StageReport): string[] {
  const tried = Object.entries(features)
  const parts = tried.map(
    ([name, gain]) =>
      `  ${name}: ${gain.weight === 0 ? 'not evident, would add' : `weight ${gain.weight.toFixed(2)}, ${kept ? 'adds' : 'would add'}`} ${text(gain)}`,
  )
  if (tried.every(([, { weight }]) => weight === 0)) {
    return [`second stage: left out, because no feature is evident in ${lists} held-out lists`, ...parts]
  }
  return [
    `second stage: ${kept ? 'kept' : 'left out'}, ${text(whole)} NDCG@10 on ${lists} held-out lists`,
    ...parts,
  ]
}

function text({ gain, ci95 }: Gain): string {
  const [low, high] = ci95.map(signed)
  return `${signed(gain)} (95 %: ${low} to ${high})`
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`
}
