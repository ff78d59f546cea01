/**
 * Trains on one batch: gathers the vectors that it touches, then forward pass, loss, backward pass and lazy Adam. Each
 * thread has one `Stepper`.
 */
import { type Kernels, OWN } from '../../../kernels/kernels.js'
import type { Memory } from '../../../kernels/memory.js'
import type { SessionBatch } from '../../encoders/encoder.js'
import type { Hyper } from '../../encoders/hyper.js'
import { KINDS } from '../../encoders/kinds.js'
import { type AdamStep, descend } from '../../encoders/tensor.js'
import { mix, random } from '../../maths/random.js'
import type { Examples } from './examples.js'
import { type Predictions, SampledSoftmax } from './loss.js'
import type { Negatives } from './negatives.js'
import { type Parameters, REPEATS } from './parameters.js'

/** Logit of the padding columns behind the drawn negatives. Their probability is 0. */
const NEVER = -1e30

export class Stepper {
  private readonly encoder
  private readonly loss
  private readonly sessions: SessionBatch
  private readonly predictions: Predictions
  /** The local row of each token in this batch, -1 for none. `tokens` has the token of each local row. */
  private readonly localOf: Int32Array
  private readonly tokens
  private readonly inputs
  private readonly mask
  private locals = 0

  /**
   * @param items the number of the rare token
   * @param frozen 1 for each token that is not trained; empty if all are trained
   */
  constructor(
    private readonly kernels: Kernels,
    memory: Memory,
    private readonly hyper: Hyper,
    private readonly examples: Examples,
    private readonly parameters: Parameters,
    private readonly negatives: Negatives,
    private readonly items: number,
    private readonly frozen: Int32Array,
  ) {
    const { dim, window } = hyper
    const positions = hyper.batch + window
    const shared = (negatives.most + 7) & ~7
    const locals = shared + 2 * positions
    this.encoder = KINDS[hyper.encoder].trainable(kernels, memory, parameters.encoder, hyper, positions)
    this.loss = new SampledSoftmax(kernels, memory, dim, shared)
    this.localOf = new Int32Array(items + 1).fill(-1)
    this.tokens = memory.ints(locals)
    this.inputs = memory.ints(positions)
    this.mask = memory.floats(positions * dim)
    this.sessions = {
      sessions: 0,
      positions: 0,
      starts: memory.ints(positions + 1),
      x: memory.floats(positions * dim),
      dx: memory.floats(positions * dim),
      s: memory.floats(positions * dim),
      ds: memory.floats(positions * dim),
      gain: memory.floats(positions),
    }
    this.predictions = {
      count: 0,
      shared,
      s: memory.floats(positions * dim),
      ds: memory.floats(positions * dim),
      table: memory.floats(locals * dim),
      dTable: memory.floats(locals * dim),
      bias: memory.floats(locals),
      dBias: memory.floats(locals),
      offset: memory.floats(shared),
      own: memory.ints(positions * OWN),
      target: memory.ints(positions),
      weight: memory.floats(positions),
      extra: memory.floats(OWN),
      dExtra: memory.floats(OWN),
    }
  }

  /**
   * Trains on some pieces of sessions.
   * @param stream number of the batch. Besides the seed, its random numbers depend on nothing else.
   * @returns the weighted mean loss of its predictions
   */
  run(pieces: Uint32Array, stream: number, adam: AdamStep): number {
    const { kernels, hyper, parameters, sessions, predictions: p } = this
    const { dim } = hyper
    const drawn = this.drawNegatives(stream)
    this.addPieces(pieces)
    kernels.gather(this.locals, dim, this.tokens.at, parameters.items.w.at, p.table.at)
    for (let i = 0; i < this.locals; i++) p.bias.data[i] = parameters.bias.w.data[this.tokens.data[i]!]!
    for (let i = 0; i < drawn; i++) p.offset.data[i]! += p.bias.data[i]!
    p.extra.data.set(parameters.repeat.w.data.subarray(0, REPEATS))

    const n = sessions.positions
    kernels.dropoutMask(n * dim, hyper.dropout, mix(hyper.seed, stream, 21), this.mask.at)
    kernels.gatherMasked(n, dim, this.inputs.at, p.table.at, this.mask.at, sessions.x.at)
    this.encoder.forward(sessions)

    const scale = Math.exp(parameters.scale.w.data[0]!)
    for (let i = 0; i < n * dim; i++) p.s.data[i] = scale * sessions.s.data[i]!
    p.dTable.data.fill(0, 0, this.locals * dim)
    p.dBias.data.fill(0, 0, this.locals)
    p.dExtra.data.fill(0)
    const loss = this.loss.run(p)

    let dScale = 0
    for (let i = 0; i < n * dim; i++) {
      dScale += p.ds.data[i]! * p.s.data[i]!
      sessions.ds.data[i] = scale * p.ds.data[i]!
    }
    if (!hyper.fixed.includes('encoder')) {
      sessions.dx.data.fill(0, 0, n * dim)
      this.encoder.backward(sessions)
      kernels.scatterMasked(n, dim, this.inputs.at, sessions.dx.at, this.mask.at, p.dTable.at)
    }
    this.update(drawn, dScale, adam)
    for (let i = 0; i < this.locals; i++) this.localOf[this.tokens.data[i]!] = -1
    return loss
  }

  /** Draws the shared negatives. They take the local rows 0 to shared - 1. */
  private drawNegatives(stream: number): number {
    const { predictions: p, tokens } = this
    const drawn = this.negatives.draw(random(this.hyper.seed, stream, 22), tokens.data, p.offset.data)
    for (let i = 0; i < drawn; i++) this.localOf[tokens.data[i]!] = i
    p.shared = (drawn + 7) & ~7
    for (let i = drawn; i < p.shared; i++) {
      tokens.data[i] = this.items
      p.offset.data[i] = NEVER
    }
    this.locals = p.shared
    return drawn
  }

  private local(token: number): number {
    const known = this.localOf[token]!
    if (known >= 0) return known
    this.tokens.data[this.locals] = token
    this.localOf[token] = this.locals
    return this.locals++
  }

  private addPieces(pieces: Uint32Array): void {
    const { examples, sessions, predictions: p, items } = this
    const tokens = examples.tokens.data
    const bounds = examples.pieces.data
    let n = 0
    let total = 0
    sessions.sessions = pieces.length
    for (let i = 0; i < pieces.length; i++) {
      sessions.starts.data[i] = n
      const start = bounds[2 * pieces[i]!]!
      const end = bounds[2 * pieces[i]! + 1]!
      for (let e = start; e < end - 1; e++, n++) {
        const input = this.local(tokens[e]!)
        const target = tokens[e + 1]!
        const own = n * OWN
        this.inputs.data[n] = input
        sessions.gain.data[n] = Math.log(examples.weights.data[e]!)
        p.own.data.fill(-1, own, own + OWN)
        // The ten most recent distinct items: this one first, then earlier ones.
        let recent = 0
        let column = -1
        for (let back = e; back >= start && recent < REPEATS; back--) {
          const token = tokens[back]!
          const local = this.localOf[token]!
          if (isAmong(p.own.data, own, recent, local)) continue
          // A rare item cannot be predicted, but it takes its place in the order.
          p.own.data[own + recent] = token === items ? -1 : local
          if (token === target) column = p.shared + recent
          recent++
        }
        // A rare target has no vector of its own, so it teaches nothing.
        const counts = target !== items
        const trust = examples.trust.data.length > 0 ? examples.trust.data[e + 1]! : 1
        p.weight.data[n] = counts ? trust * Math.min(1, examples.weights.data[e + 1]!) : 0
        total += p.weight.data[n]!
        if (counts && column < 0) {
          p.own.data[own + REPEATS] = this.local(target)
          column = p.shared + REPEATS
        }
        p.target.data[n] = Math.max(column, 0)
      }
    }
    sessions.starts.data[pieces.length] = n
    sessions.positions = p.count = n
    for (let i = 0; i < n; i++) p.weight.data[i]! /= Math.max(total, 1e-9)
  }

  private update(drawn: number, dScale: number, adam: AdamStep): void {
    const { kernels, parameters, predictions: p, hyper } = this
    const { rate, root, beta1, beta2, floor } = adam
    const { dim, fixed } = hyper
    const { items, bias, repeat, scale } = parameters
    const [movesItems, movesBias] = [!fixed.includes('items'), !fixed.includes('bias')]
    for (const [from, to] of this.moving(drawn)) {
      const n = to - from
      const index = this.tokens.at + from * 4
      const g = p.dTable.at + from * dim * 4
      const dBias = p.dBias.at + from * 4
      // biome-ignore format: one kernel a line.
      if (movesItems) kernels.adamUnitRows(n, dim, index, items.w.at, items.m.at, items.v.at, g, rate, root, beta1, beta2, floor)
      // biome-ignore format: one kernel a line.
      if (movesBias) kernels.adamValues(n, index, bias.w.at, bias.m.at, bias.v.at, dBias, rate, root, beta1, beta2, floor)
    }
    // The column of the target is not a repeat, so its gradient must not move the repeat terms.
    p.dExtra.data.fill(0, REPEATS)
    const repeats = repeat.w.data.length
    // biome-ignore format: one kernel a line.
    kernels.adam(repeats, repeat.w.at, repeat.m.at, repeat.v.at, p.dExtra.at, rate, root, beta1, beta2, floor)
    p.dExtra.data.fill(0)
    p.dExtra.data[0] = dScale
    // biome-ignore format: one kernel a line.
    kernels.adam(4, scale.w.at, scale.m.at, scale.v.at, p.dExtra.at, rate, root, beta1, beta2, floor)
    if (fixed.includes('encoder')) return
    for (const [name, gradient] of Object.entries(this.encoder.gradients)) {
      descend(kernels, parameters.encoder[name]!, gradient, adam)
    }
  }

  /** Spans of local rows that are trained. Rows between `drawn` and `shared` are padding and are left out. */
  private moving(drawn: number): [from: number, to: number][] {
    const { frozen, locals, tokens, predictions } = this
    const spans: [number, number][] = [
      [0, drawn],
      [predictions.shared, locals],
    ]
    if (frozen.length === 0) return spans
    return spans.flatMap(([from, to]) => {
      const parts: [number, number][] = []
      for (let start = from; start < to; start++) {
        let end = start
        while (end < to && !frozen[tokens.data[end]!]) end++
        if (end > start) parts.push([start, end])
        start = end
      }
      return parts
    })
  }
}

function isAmong(own: Int32Array, from: number, count: number, local: number): boolean {
  for (let i = 0; i < count; i++) if (own[from + i] === local) return true
  return false
}
