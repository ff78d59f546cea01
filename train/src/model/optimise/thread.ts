/** Entry of a training thread; a rollup input of its own. */
import { workerData } from 'node:worker_threads'
import { Memory } from '../../../kernels/memory.js'
import { BatchRunner, type Job } from './loop.js'

const job = workerData as Job
const runner = new BatchRunner(new Memory(job.memory), job)
while (runner.next()) {
  // Each call is a batch.
}
