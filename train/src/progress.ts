/**
 * Progress on stderr: a bar with the time left on a terminal, a line now and then where stderr is a file or a pipe,
 * and nothing at all in that case under `--json`.
 */
import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  /** @param total 0 while it is not known */
  update(phase: string, done: number, total: number, note?: string): void
  /** A line that stays. */
  say(line: string): void
  stop(): void
}

/** At most one line in so many milliseconds where there is no terminal. */
const SPARSE_MS = 10_000

export function openProgress(quiet: boolean): Progress {
  if (process.stderr.isTTY) return bars()
  return quiet ? { update() {}, say() {}, stop() {} } : lines()
}

function bars(): Progress {
  let bar: SingleBar | undefined
  let current = ''
  const stop = () => {
    bar?.stop()
    bar = undefined
    current = ''
  }
  return {
    update(phase, done, total, note = '') {
      if (phase !== current) {
        stop()
        current = phase
        bar = new SingleBar(
          {
            format: '{phase} {bar} {percentage} %  {eta_formatted} left  {note}',
            stream: process.stderr,
            hideCursor: true,
            etaBuffer: 50,
            // The terminal belongs to the command, which listens for Ctrl-C itself.
            gracefulExit: false,
          },
          Presets.shades_classic,
        )
        bar.start(total, done, { phase: phase.padEnd(12), note })
      }
      bar?.setTotal(total)
      bar?.update(done, { phase: phase.padEnd(12), note })
    },
    say(line) {
      stop()
      process.stderr.write(`${line}\n`)
    },
    stop,
  }
}

function lines(): Progress {
  let current = ''
  let last = 0
  let begun = 0
  return {
    update(phase, done, total, note = '') {
      const now = performance.now()
      if (phase !== current) begun = now
      if (phase === current && now - last < SPARSE_MS) return
      const share = total > 0 ? `${Math.floor((100 * done) / total)} %` : ''
      const left =
        done > 0 && now > begun ? `${Math.ceil((((now - begun) / done) * (total - done)) / 1000)} s left` : ''
      process.stderr.write(
        `${[`${phase}:`, phase === current ? `${share}, ${left}` : share, note].join(' ').trimEnd()}\n`,
      )
      current = phase
      last = now
    },
    say(line) {
      process.stderr.write(`${line}\n`)
    },
    stop() {},
  }
}
