/** Trained arrays with their Adam moments, in the shared memory, and Adam's steps on them. */
import type { Kernels } from '../../kernels/kernels.js'
import type { Floats, Memory, Place } from '../../kernels/memory.js'

/** A trained array `w`, with Adam's first moment `m` and second moment `v` of the same length. */
export interface Tensor {
  w: Floats
  m: Floats
  v: Floats
}

/** Tensors by name. */
export type Tensors = Record<string, Tensor>

/** A tensor of `length` zeros. The length is rounded up to a multiple of 4, because kernels take 4 values at a time. */
export function tensor(memory: Memory, length: number): Tensor {
  const n = (length + 3) & ~3
  return { w: memory.floats(n), m: memory.floats(n), v: memory.floats(n) }
}

/** The addresses of a tensor, by which another thread can use the same one. */
export interface TensorPlace {
  w: Place
  m: Place
  v: Place
}

export function placeOf({ w, m, v }: Tensor): TensorPlace {
  const place = (floats: Floats): Place => ({ at: floats.at, length: floats.data.length })
  return { w: place(w), m: place(m), v: place(v) }
}

export function tensorAt(memory: Memory, { w, m, v }: TensorPlace): Tensor {
  return { w: memory.floatsAt(w), m: memory.floatsAt(m), v: memory.floatsAt(v) }
}

/** Applies a function to each value of an object. */
export function mapped<K extends string, A, B>(from: Record<K, A>, to: (value: A) => B): Record<K, B> {
  const entries = Object.entries<A>(from).map(([name, value]) => [name, to(value)])
  return Object.fromEntries(entries) as Record<K, B>
}

/** The numbers of one Adam step, with bias corrections. The kernel `adam` explains them. */
export interface AdamStep {
  rate: number
  root: number
  beta1: number
  beta2: number
  floor: number
}

/** @param step counts from 0; the learning rate falls linearly and would reach 0 at `steps` */
export function adamStep(
  step: number,
  steps: number,
  { rate, beta1, beta2, epsilon }: { rate: number; beta1: number; beta2: number; epsilon: number },
): AdamStep {
  return {
    rate: (rate * (1 - step / steps)) / (1 - beta1 ** (step + 1)),
    root: 1 / (1 - beta2 ** (step + 1)),
    beta1,
    beta2,
    floor: epsilon ** 2,
  }
}

/** Moves a tensor by one Adam step. The gradient has the same length. */
export function descend(
  kernels: Kernels,
  { w, m, v }: Tensor,
  gradient: Floats,
  { rate, root, beta1, beta2, floor }: AdamStep,
): void {
  kernels.adam(w.data.length, w.at, m.at, v.at, gradient.at, rate, root, beta1, beta2, floor)
}
