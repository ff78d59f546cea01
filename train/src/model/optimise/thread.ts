/** Entry point of a training thread. The build makes a file of its own from it. */
import { workerData } from 'node:worker_threads'
import { Memory } from '../../../kernels/memory.js'
import { BatchRunner, type Job } from './loop.js'

const job = workerData as Job
const runner = new BatchRunner(new Memory(job.memory), job)
while (runner.next()) {
  // Each call of next() runs one batch.
}
