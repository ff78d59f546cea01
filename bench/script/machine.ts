/** What the figures were measured on, without anything that identifies the machine. */
import { cpus, totalmem } from 'node:os'

/** What trainings are timed on. */
export interface Processor {
  cpu: string
  cores: number
  node: string
}

export interface Machine extends Processor {
  memoryGB: number
  system: string
  browser: string
  /** ISO date. */
  date: string
}

export function processor(): Processor {
  const all = cpus()
  return { cpu: all[0]?.model.trim() ?? 'unknown', cores: all.length, node: process.version }
}

export function machine(browser: string): Machine {
  return {
    ...processor(),
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    browser,
    date: today(),
  }
}

export function today(): string {
  return new Date().toISOString().slice(0, 10)
}
