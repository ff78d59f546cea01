/** The naive way with TensorFlow.js: one matrix product and `topk`, on its WASM backend. */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { env, matMul, ready, reshape, setBackend, tensor2d, tidy, topk } from '@tensorflow/tfjs-core'

export interface TfjsIndex {
  topRows(query: Float32Array, k: number): Promise<ArrayLike<number>>
  dispose(): void
}

/** @param wasmFiles URL of the folder with the backend's .wasm files */
export async function openTfjs(
  wasmFiles: string,
): Promise<(vectors: Float32Array, dim: number) => TfjsIndex> {
  setWasmPaths(wasmFiles)
  // Threads need a cross-origin isolated page. Ours is isolated, for its timers; shops' pages usually are not.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  if (!(await setBackend('wasm'))) throw new Error('the WASM backend of TensorFlow.js does not start')
  await ready()
  return (vectors, dim) => {
    const items = tensor2d(vectors, [vectors.length / dim, dim])
    return {
      async topRows(query, k) {
        const indices = tidy(() => {
          const scores = matMul(items, tensor2d(query, [dim, 1]))
          return topk(reshape(scores, [-1]), k, true).indices
        })
        const rows = await indices.data()
        indices.dispose()
        return rows
      },
      dispose: () => items.dispose(),
    }
  }
}
