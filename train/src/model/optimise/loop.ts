/**
 * The training loop: epochs of shuffled batches, on this thread and on as many others as asked for.
 *
 * Threads share the parameters without locks (Hogwild!, Recht et al. 2011) and take the next batch from one counter.
 * The content of a batch and its random numbers depend only on its number, so a single thread always gives the same
 * bytes.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { instantiate } from '../../../kernels/kernels.js'
import type { Memory, Place } from '../../../kernels/memory.js'
import type { LoopCheckpoint } from '../../checkpoint/checkpoint.js'
import type { Hyper } from '../../encoders/hyper.js'
import { adamStep } from '../../encoders/tensor.js'
import { permutation, random } from '../../maths/random.js'
import { Breath } from '../../running/breath.js'
import { batches, type ExamplePlaces, type Examples, examplePlaces, examplesAt } from './examples.js'
import { negatives } from './negatives.js'
import {
  type ParameterPlaces,
  type Parameters,
  parameterPlaces,
  parametersAt,
  stateOf,
} from './parameters.js'
import { Stepper } from './step.js'

/** What a thread needs to take part. */
export interface Job {
  memory: WebAssembly.Memory
  hyper: Hyper
  items: number
  examples: ExamplePlaces
  parameters: ParameterPlaces
  /** Int32: 1 for each token that is not trained. Empty if all are trained. */
  frozen: Place
  /** Two shared Int32: the number of the next batch, and whether to stop. */
  control: Place
}

const NEXT = 0
const STOP = 1
/** The built package has `thread.js` beside this file. The sources do not, so they run on one thread. */
const threadUrl = new URL('./thread.js', import.meta.url)

export interface LoopOptions {
  workers: number
  signal?: AbortSignal | undefined
  /** When aborted, the loop starts no further batch and ends with what it has. */
  enough?: AbortSignal | undefined
  /** 1 for each token whose vector and bias stay as they are. */
  frozen?: Uint8Array | undefined
  /** Saves the state of the loop, so that it can continue later. */
  loop?: LoopCheckpoint | undefined
  /** How many batches were run before, if the parameters were restored from a checkpoint. */
  begun?: number | undefined
  onBatch?(done: number, total: number, loss: number): void
}

/**
 * Trains `parameters` on `examples`.
 * @returns the share of batches that were run: 1 unless `enough` came first
 * @throws the signal's reason when it is aborted, or the error of a thread that failed
 */
export async function runLoop(
  memory: Memory,
  hyper: Hyper,
  items: number,
  examples: Examples,
  parameters: Parameters,
  { workers, signal, enough, frozen, loop, begun = 0, onBatch }: LoopOptions,
): Promise<number> {
  if (examples.pieces.data.length === 0) return 1
  const still = memory.ints(frozen?.length ?? 0)
  if (frozen) still.data.set(frozen)
  const control = memory.ints(2)
  control.data[NEXT] = begun
  const job: Job = {
    memory: memory.wasm,
    hyper,
    items,
    examples: examplePlaces(examples),
    parameters: parameterPlaces(parameters),
    frozen: { at: still.at, length: still.data.length },
    control: { at: control.at, length: 2 },
  }
  const others: Promise<void>[] = []
  if (workers > 1 && existsSync(fileURLToPath(threadUrl))) {
    for (let i = 1; i < workers; i++) others.push(thread(job))
  }
  // A thread that fails stops the rest.
  let failure: unknown
  let total = 0
  const batch = () => Math.min(Atomics.load(control.data, NEXT), total)
  const save = () => loop?.save(batch(), total, stateOf(parameters))
  for (const other of others) {
    other.catch((error) => {
      failure ??= error
      Atomics.store(control.data, STOP, 1)
    })
  }
  try {
    const run = new BatchRunner(memory, job)
    const breath = new Breath(signal)
    total = run.total
    for (let result = run.next(); result; result = run.next()) {
      if (enough?.aborted) break
      if (!breath.due()) continue
      onBatch?.(batch(), total, result.loss)
      if (loop?.due()) save()
      await breath.take()
    }
  } catch (error) {
    failure ??= error
  }
  Atomics.store(control.data, STOP, 1)
  await Promise.allSettled(others)
  // A thread that is asked to stop finishes its batch first, so the state is sound. After a failure it may not be.
  if (total > begun && (!failure || failure === signal?.reason)) save()
  if (failure) throw failure
  return batch() / total
}

function thread(job: Job): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(threadUrl, { workerData: job })
    worker.once('error', reject)
    worker.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`A training thread ended with code ${code}.`)),
    )
  })
}

/** One thread's share of the loop. */
export class BatchRunner {
  readonly total: number
  private readonly control: Int32Array
  private readonly stepper: Stepper
  private readonly examples: Examples
  private readonly hyper: Hyper
  private epoch = -1
  private order: Uint32Array = new Uint32Array(0)
  private bounds: Uint32Array = new Uint32Array(0)
  /** Batches in an epoch. Every epoch counts as many as the first one has. */
  private readonly perEpoch: number
  private smoothed = 0

  constructor(memory: Memory, job: Job) {
    this.hyper = job.hyper
    this.control = memory.intsAt(job.control).data
    this.examples = examplesAt(memory, job.examples)
    const { negatives: draws, fullSoftmax, smoothing } = job.hyper
    this.stepper = new Stepper(
      instantiate(memory),
      memory,
      job.hyper,
      this.examples,
      parametersAt(memory, job.parameters),
      negatives(this.examples.counts.data, draws, fullSoftmax, smoothing),
      job.items,
      memory.intsAt(job.frozen).data,
    )
    this.shuffle(0)
    this.perEpoch = this.bounds.length - 1
    this.total = this.perEpoch * this.hyper.epochs
  }

  /** Takes and runs the next batch. Returns undefined if none is left or if all threads are to stop. */
  next(): { loss: number } | undefined {
    if (Atomics.load(this.control, STOP) !== 0) return undefined
    const batch = Atomics.add(this.control, NEXT, 1)
    if (batch >= this.total) return undefined
    const epoch = Math.floor(batch / this.perEpoch)
    if (epoch !== this.epoch) this.shuffle(epoch)
    // Other epochs may be cut into more or fewer batches than the first. Extra ones are left out, missing ones are
    // empty.
    const index = batch % this.perEpoch
    const from = this.bounds[Math.min(index, this.bounds.length - 1)]!
    const to = this.bounds[Math.min(index + 1, this.bounds.length - 1)]!
    if (to > from) {
      const loss = this.stepper.run(
        this.order.subarray(from, to),
        batch,
        adamStep(batch, this.total, this.hyper),
      )
      this.smoothed = this.smoothed === 0 ? loss : 0.98 * this.smoothed + 0.02 * loss
    }
    return { loss: this.smoothed }
  }

  private shuffle(epoch: number): void {
    this.epoch = epoch
    this.order = permutation(this.examples.pieces.data.length / 2, random(this.hyper.seed, epoch, 23))
    this.bounds = batches(this.examples, this.order, this.hyper.batch)
  }
}
