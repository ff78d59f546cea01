/**
 * Shows progress on stderr. On a terminal it is a bar with the time left. If stderr is a file or a pipe, it is a line
 * now and then, or nothing with `--json`.
 */
import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  /** @param total 0 if it is not known */
  update(phase: string, done: number, total: number, note?: string): void
  /** Writes a line that stays. */
  say(line: string): void
  stop(): void
}

/** Without a terminal, a phase writes at most one line in this time. */
const SPARSE_MS = 10_000
/** Width of the bar. With the longest phase name, the time left and a note, a line fits into 80 columns. */
const BAR = 24
const LONGEST = 'validation of attention'.length

export function openProgress(quiet: boolean): Progress {
  if (process.stderr.isTTY) return bars()
  return quiet ? { update() {}, say() {}, stop() {} } : lines()
}

function bars(): Progress {
  let bar: SingleBar | undefined
  let current = ''
  let left = timeLeft(0)
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
        left = timeLeft(done)
        bar = new SingleBar(
          {
            format: '{phase} {bar} {percentage} %  {words}',
            stream: process.stderr,
            barsize: BAR,
            hideCursor: true,
            // The command listens for Ctrl-C itself, so the bar must not.
            gracefulExit: false,
          },
          Presets.shades_classic,
        )
        bar.start(total, done, { phase: phase.padEnd(LONGEST), words: note })
      }
      const words = [left(done, total), note].filter((part) => part !== '').join('  ')
      bar?.setTotal(total)
      bar?.update(done, { phase: phase.padEnd(LONGEST), words })
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
  let left = timeLeft(0)
  return {
    update(phase, done, total, note = '') {
      const now = performance.now()
      if (phase !== current) left = timeLeft(done)
      else if (now - last < SPARSE_MS) return
      const share = total > 0 ? `${Math.floor((100 * done) / total)} %` : ''
      const words = [share, left(done, total), note].filter((part) => part !== '')
      process.stderr.write(`${phase}: ${words.join(', ')}`.trimEnd().concat('\n'))
      current = phase
      last = now
    },
    say(line) {
      process.stderr.write(`${line}\n`)
    },
    stop() {},
  }
}

/**
 * Estimates the time left in a phase from its speed since its first update.
 * @param first how much was already done at the first update. An earlier run did it, so it took no time in this run.
 */
function timeLeft(first: number): (done: number, total: number) => string {
  const begun = performance.now()
  return (done, total) => {
    const seconds = (performance.now() - begun) / 1000
    if (done <= first || done >= total || seconds <= 0) return ''
    return `${duration((seconds / (done - first)) * (total - done))} left`
  }
}

function duration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`
  const minutes = seconds / 60
  return minutes < 100 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`
}
