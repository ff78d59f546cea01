/** PyTorch, which some scripts compare the trainer with: a Python that has it, and its settings for one thread. */
import { spawnSync } from 'node:child_process'
import { Option } from 'commander'
import { UsageError } from '../../build/program.js'

export const pythonOption = () =>
  new Option(
    '--python <path>',
    'Python with PyTorch (Debian: apt install python3-torch libopenblas0-pthread)',
  ).default('/usr/bin/python3')

export const ONE_THREAD = {
  ...process.env,
  OPENBLAS_NUM_THREADS: '1',
  OMP_NUM_THREADS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
}

/** @throws {UsageError} when this Python cannot import PyTorch */
export function needPytorch(python: string): void {
  if (spawnSync(python, ['-c', 'import numpy, torch']).status === 0) return
  throw new UsageError(
    `${python} has no PyTorch: apt install python3-torch libopenblas0-pthread, or name another with --python`,
  )
}
