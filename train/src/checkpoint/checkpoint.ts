/**
 * How a training that was killed goes on. It is run again from its beginning, and what is found in the checkpoint's
 * folder is not worked out anew: choices that were made (steps), and how far each training loop had come (parameters,
 * Adam's moments, number of the next batch). All else follows from the log and the seed, to the last byte.
 *
 * The folder tells more than a pack does (moments are of single batches): it belongs on the machine that trains, and is
 * gone when the training is done. Whatever goes wrong with it costs time, never the training.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { differences, digestOf, type Fingerprint } from './fingerprint.js'
import { readSnapshot, type Snapshot, writeSnapshot } from './snapshot.js'

export interface Checkpoint {
  /** What the work came to before, or comes to now. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>
  loop(name: string): LoopCheckpoint | undefined
  /** Forgets loops that nothing asks for any more. */
  drop(names: readonly string[]): void
}

/** All arrays that a training loop changes: values first, then what only further training needs. */
export interface LoopState {
  values: Float32Array[]
  moments: Float32Array[]
}

export interface LoopCheckpoint {
  /** Puts the state where it was. @returns the number of the next batch; undefined where nothing was kept */
  restore(state: LoopState): number | undefined
  /** Whether it is time to save again. */
  due(): boolean
  /** @param total with as many batches the loop is over */
  save(batch: number, total: number, state: LoopState): void
}

/** For trainings that are not worth one. */
export const NO_CHECKPOINT: Checkpoint = { step: (_, work) => work(), loop: () => undefined, drop() {} }

export interface CheckpointOptions {
  /** Seconds of training that may be lost; more where saving takes longer than a hundredth of it. */
  every: number
  /** What is decided once it is aborted is decided in a hurry, and not kept. */
  enough: AbortSignal
  say(line: string): void
}

/** Where the checkpoint of a pack's training is: beside the pack, never in what gets uploaded. */
export function checkpointFolder(out: string): string {
  const path = resolve(out)
  return join(dirname(path), `.${basename(path)}.checkpoint`)
}

interface About {
  what: string
  begun: string
  fingerprint: Fingerprint
}

const ABOUT = 'training.json'
const WHAT =
  'A nearside training that is not done. What is in here is not protected as a pack is: it must not leave this machine. ' +
  'Run the same command again to continue it. It can be deleted at any time.'
/** Saving takes at most one part in so many of the time. */
const SHARE = 100

interface Kept {
  id: string
  name: string
  /** Of a step. */
  result?: unknown
  /** Of a loop. */
  batch: number
  total: number
}

export class FolderCheckpoint implements Checkpoint {
  /** When the training was begun, where it is not this run that began it. */
  readonly continued: string | undefined
  private readonly id: string
  private readonly about: About
  private saved = performance.now()
  private cost = 0
  private broken = false

  constructor(
    readonly folder: string,
    fingerprint: Fingerprint,
    private readonly options: CheckpointOptions,
  ) {
    this.id = digestOf(fingerprint)
    const found = readAbout(folder)
    const differing = found && differences(found.fingerprint, fingerprint)
    if (found && differing?.length === 0) {
      this.about = found
      this.continued = found.begun
      const { name, batch, total } = this.latest() ?? {}
      options.say(
        `Going on with the training that was begun ${found.begun.slice(0, 16).replace('T', ' ')} UTC` +
          (total ? `: ${name} was at ${Math.floor((100 * batch!) / total)} %` : ''),
      )
      return
    }
    if (differing) {
      options.say(
        `A training that was begun ${found!.begun.slice(0, 10)} cannot be gone on with, this one begins anew: not the same is ` +
          `${differing.join(', ')}`,
      )
    }
    if (this.kept) this.remove()
    this.about = { what: WHAT, begun: new Date().toISOString(), fingerprint }
  }

  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const { value } = this.read(name) ?? {}
    if (value) return (value as Kept).result as T
    const result = await work()
    if (!this.options.enough.aborted) this.write({ id: this.id, name, result, batch: 0, total: 0 }, [])
    return result
  }

  loop(name: string): LoopCheckpoint {
    return {
      restore: ({ values, moments }) => {
        const kept = this.read(name)
        if (!kept?.fill([...values, ...moments])) return undefined
        return (kept.value as Kept).batch
      },
      due: () => {
        const passed = performance.now() - this.saved
        return !this.broken && passed >= Math.max(1000 * this.options.every, SHARE * this.cost)
      },
      save: (batch, total, { values, moments }) => {
        const begun = performance.now()
        const arrays = batch < total ? [...values, ...moments] : values
        this.write({ id: this.id, name, batch: Math.min(batch, total), total }, arrays)
        this.saved = performance.now()
        this.cost = this.saved - begun
      },
    }
  }

  drop(names: readonly string[]): void {
    if (this.options.enough.aborted) return
    for (const name of names) rmSync(this.pathOf(name), { force: true })
  }

  /** Whether there is anything to go on from. */
  get kept(): boolean {
    return existsSync(this.folder)
  }

  /** At the end of the training. */
  remove(): void {
    try {
      rmSync(this.folder, { recursive: true, force: true })
    } catch (error) {
      this.options.say(`${this.folder} could not be deleted, do it by hand: ${(error as Error).message}`)
    }
  }

  private read(name: string): Snapshot | undefined {
    const path = this.pathOf(name)
    const snapshot = readSnapshot(path)
    if (!snapshot && existsSync(path)) this.options.say(`${path} is damaged: that part is trained anew`)
    return (snapshot?.value as Kept | undefined)?.id === this.id ? snapshot : undefined
  }

  private write(kept: Kept, arrays: readonly Float32Array[]): void {
    if (this.broken) return
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 })
      const about = join(this.folder, ABOUT)
      if (!existsSync(about)) writeFileSync(about, `${JSON.stringify(this.about, null, 2)}\n`)
      writeSnapshot(this.pathOf(kept.name), kept, arrays)
    } catch (error) {
      // A full disk, for one.
      this.broken = true
      this.options.say(`No further checkpoints, the training goes on: ${(error as Error).message}`)
    }
  }

  private pathOf(name: string): string {
    return join(this.folder, `${name.replaceAll(/[^a-z0-9]+/g, '-')}.state`)
  }

  /** The loop that was saved last. */
  private latest(): Kept | undefined {
    return readdirSync(this.folder)
      .filter((file) => file.endsWith('.state'))
      .map((file) => join(this.folder, file))
      .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
      .map((path) => readSnapshot(path)?.value as Kept | undefined)
      .find((kept) => kept?.id === this.id && kept.total > 0)
  }
}

function readAbout(folder: string): About | undefined {
  try {
    const about: About = JSON.parse(readFileSync(join(folder, ABOUT), 'utf8'))
    return about.fingerprint && about
  } catch {
    return undefined
  }
}
