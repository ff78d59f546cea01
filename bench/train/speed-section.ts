/** The section of docs/experiments.md: how fast the trainer is beside PyTorch. */
import { count, table } from '../pages/table.js'

/** Our time in parts of PyTorch's: the trainer must stay within. */
export const BUDGET = 1.2
/** Losses that are further apart than this share are not of the same model. */
export const ALIKE = 0.02

export interface Speed {
  cpu: string
  node: string
  /** ISO date. */
  date: string
  /** Batches that were timed, and in how many rounds. */
  timed: number
  rounds: number
  results: {
    encoder: string
    /** Events in a CPU second. */
    ours: number
    pytorch: number
    /** Our time in parts of PyTorch's. */
    ratio: number
    losses: number[]
    torch: string
    blas: string
  }[]
}

export function speedSection({ cpu, node, timed, rounds, results }: Speed): string {
  const { torch, blas } = results[0]!
  return `How many events does one core train on in a second of CPU time? Both train the same batches with the same optimiser: d = 64,
batches of about 1,024 events, 2,048 draws of shared negatives. The last column is our time in parts of PyTorch's (at most ${BUDGET}).
PyTorch ${torch} with ${blas} has one thread, sessions packed by length and sparse updates by hand, and its batches are laid
out before the clock runs. Median of ${rounds} rounds of ${timed} batches on ${cpu}, Node ${node}, shared with other work. The mean
losses of the two are within ${100 * ALIKE} %, so they are the same model.

${table(
  ['encoder', 'nearside train', 'PyTorch', 'our time / theirs'],
  results.map(({ encoder, ours, pytorch, ratio }) => [
    encoder,
    count(ours),
    count(pytorch),
    ratio.toFixed(2),
  ]),
)}

Written by \`npm --prefix bench run speed\`.`
}
