/**
 * Lets a training continue after it was killed. The training runs again from its beginning, but skips what the folder
 * of the checkpoint already holds: choices that were made (steps), and how far each training loop had come
 * (parameters, Adam's moments, number of the next batch). Everything else follows exactly from the log and the seed.
 *
 * The folder reveals more than a pack does, because moments come from single batches. So it must stay on the machine
 * that trains, and it is deleted when the training is done. If anything goes wrong with it, time is lost but never
 * the training.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { differences, digestOf, type Fingerprint } from './fingerprint.js'
import { readSnapshot, type Snapshot, writeSnapshot } from './snapshot.js'

export interface Checkpoint {
  /** The result that was saved for this work, or else the result of doing it now. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>
  loop(name: string): LoopCheckpoint | undefined
  /** Deletes loops that are no longer needed. */
  drop(names: readonly string[]): void
}

/** All arrays that a training loop changes: its values, and the moments, which only further training needs. */
export interface LoopState {
  values: Float32Array[]
  moments: Float32Array[]
}

export interface LoopCheckpoint {
  /**
   * Restores the saved state into these arrays.
   * @returns the number of the next batch; undefined if nothing was saved
   */
  restore(state: LoopState): number | undefined
  /** Whether it is time to save again. */
  due(): boolean
  /** @param total how many batches the loop has in all */
  save(batch: number, total: number, state: LoopState): void
}

/** Saves nothing. For trainings that are too short to be worth a checkpoint. */
export const NO_CHECKPOINT: Checkpoint = { step: (_, work) => work(), loop: () => undefined, drop() {} }

export interface CheckpointOptions {
  /** Seconds between two saves: how much training may be lost. More if saving would take over 1 % of the time. */
  every: number
  /** When aborted, the training ends early. Choices made after that rest on less training, so they are not saved. */
  enough: AbortSignal
  say(line: string): void
}

/** The folder for the checkpoint of a pack's training: beside the pack, so that it is not uploaded with the pack. */
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
  'An unfinished nearside training. These files are not protected as a pack is, so they must not leave this machine. ' +
  'Run the same command again to continue the training. The folder can be deleted at any time.'
/** Saving takes at most 1 / SHARE of the time. */
const SHARE = 100

interface Kept {
  /** Digest of the fingerprint: a file of another training is ignored. */
  id: string
  name: string
  /** Only for a step. */
  result?: unknown
  /** Only for a loop; 0 for a step. */
  batch: number
  total: number
}

export class FolderCheckpoint implements Checkpoint {
  /** When the training was started, if an earlier run started it. */
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
        `Continuing the training that was started ${found.begun.slice(0, 16).replace('T', ' ')} UTC` +
          (total ? `: ${name} was at ${Math.floor((100 * batch!) / total)} %` : ''),
      )
      return
    }
    if (differing) {
      options.say(
        `The training that was started ${found!.begun.slice(0, 10)} cannot be continued. This one starts over. What differs: ` +
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

  /** Whether there is anything to continue from. */
  get kept(): boolean {
    return existsSync(this.folder)
  }

  /** Deletes the folder, at the end of the training. */
  remove(): void {
    try {
      rmSync(this.folder, { recursive: true, force: true })
    } catch (error) {
      this.options.say(
        `${this.folder} could not be deleted, please delete it yourself: ${(error as Error).message}`,
      )
    }
  }

  private read(name: string): Snapshot | undefined {
    const path = this.pathOf(name)
    const snapshot = readSnapshot(path)
    if (!snapshot && existsSync(path)) this.options.say(`${path} is damaged, so this part is trained again`)
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
      // The disk may be full, for example.
      this.broken = true
      this.options.say(
        `No more checkpoints can be saved; the training continues: ${(error as Error).message}`,
      )
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
