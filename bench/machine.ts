/** What the figures were measured on, without anything that names the machine. */
import { cpus, totalmem } from 'node:os'

export interface Machine {
  cpu: string
  cores: number
  memoryGB: number
  system: string
  node: string
  browser: string
  /** ISO date. */
  date: string
}

export function machine(browser: string): Machine {
  const all = cpus()
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    browser,
    date: new Date().toISOString().slice(0, 10),
  }
}
