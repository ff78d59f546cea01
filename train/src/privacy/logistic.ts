/**
 * A small logistic regression, fitted by Newton steps with a small ridge penalty. It learns how much each signal of
 * an attacker says. The weights fitted on one half of the sessions score the other half, so that no session is scored
 * by weights that were fitted on it.
 */

const RIDGE = 1
const STEPS = 20

/**
 * Log-odds that a session is a member, for each session in order, members first.
 * @param members, outsiders one row of signals per session, all of the same length
 */
export function crossFitted(members: number[][], outsiders: number[][]): Float64Array {
  const rows = standardised([...members, ...outsiders])
  const labels = rows.map((_, i) => (i < members.length ? 1 : 0))
  const scores = new Float64Array(rows.length)
  for (const half of [0, 1]) {
    const learn = rows.map((_, i) => i).filter((i) => i % 2 !== half)
    const weights = fit(
      learn.map((i) => rows[i]!),
      learn.map((i) => labels[i]!),
    )
    for (let i = half; i < rows.length; i += 2) scores[i] = product(weights, rows[i]!)
  }
  return scores
}

/**
 * Scales each signal to mean 0 and standard deviation 1, and adds a constant 1 in front. A signal that never varies
 * becomes 0.
 */
function standardised(rows: number[][]): Float64Array[] {
  const width = rows[0]?.length ?? 0
  const mean = new Float64Array(width)
  const deviation = new Float64Array(width)
  for (const row of rows) for (let c = 0; c < width; c++) mean[c]! += row[c]! / rows.length
  for (const row of rows)
    for (let c = 0; c < width; c++) deviation[c]! += (row[c]! - mean[c]!) ** 2 / rows.length
  return rows.map((row) =>
    Float64Array.from({ length: width + 1 }, (_, c) =>
      c === 0
        ? 1
        : deviation[c - 1]! > 1e-12
          ? (row[c - 1]! - mean[c - 1]!) / Math.sqrt(deviation[c - 1]!)
          : 0,
    ),
  )
}

function fit(rows: Float64Array[], labels: number[]): Float64Array {
  const width = rows[0]?.length ?? 0
  let weights = new Float64Array(width)
  let present = lossOf(weights, rows, labels)
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map((weight, c) => (c === 0 ? 0 : -RIDGE * weight))
    const curvature = Array.from({ length: width }, (_, c) => {
      const line = new Float64Array(width)
      line[c] = c === 0 ? 1e-6 : RIDGE
      return line
    })
    for (const [i, row] of rows.entries()) {
      const p = 1 / (1 + Math.exp(-product(weights, row)))
      const spread = Math.max(p * (1 - p), 1e-6)
      for (let r = 0; r < width; r++) {
        gradient[r]! += (labels[i]! - p) * row[r]!
        for (let c = 0; c <= r; c++) curvature[r]![c]! += spread * row[r]! * row[c]!
      }
    }
    for (let r = 0; r < width; r++) for (let c = 0; c < r; c++) curvature[c]![r] = curvature[r]![c]!
    const change = solve(curvature, gradient)
    // A full step goes too far if signals separate the two sides completely or are nearly equal. So the step is
    // halved until the loss falls.
    let length = 1
    let next = weights
    let loss = present
    for (; length > 1e-4; length /= 2) {
      next = weights.map((weight, c) => weight + length * change[c]!)
      loss = lossOf(next, rows, labels)
      if (loss < present) break
    }
    if (!(loss < present)) break
    weights = next
    const gained = present - loss
    present = loss
    if (gained < 1e-6 * present) break
  }
  return weights
}

/** The loss that the fit minimises: minus the log-likelihood, plus the ridge penalty. */
function lossOf(weights: Float64Array, rows: Float64Array[], labels: number[]): number {
  let loss = 0
  for (let c = 1; c < weights.length; c++) loss += (RIDGE / 2) * weights[c]! ** 2
  for (const [i, row] of rows.entries()) {
    const against = (labels[i] === 1 ? -1 : 1) * product(weights, row)
    loss += Math.max(0, against) + Math.log1p(Math.exp(-Math.abs(against)))
  }
  return loss
}

/** Solves a x = b by Gaussian elimination. `a` must be positive definite and is overwritten. */
function solve(a: Float64Array[], b: Float64Array): Float64Array {
  const x = b.slice()
  const n = x.length
  for (let r = 0; r < n; r++) {
    for (let below = r + 1; below < n; below++) {
      const factor = a[below]![r]! / a[r]![r]!
      for (let c = r; c < n; c++) a[below]![c]! -= factor * a[r]![c]!
      x[below]! -= factor * x[r]!
    }
  }
  for (let r = n - 1; r >= 0; r--) {
    for (let c = r + 1; c < n; c++) x[r]! -= a[r]![c]! * x[c]!
    x[r]! /= a[r]![r]!
  }
  return x
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let c = 0; c < a.length; c++) sum += a[c]! * b[c]!
  return sum
}
