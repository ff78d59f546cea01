// asc: --enable threads --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
/**
 * The training kernels, in one module. They own no memory: every argument that names an array is a byte address in
 * the shared memory that the trainer lays out (`../memory.ts`). Rows are contiguous and 16-byte aligned, and `d`, the
 * length of a row, is a multiple of 8. There is no static data, so any number of threads can use this module over one
 * memory.
 *
 * `../kernels.ts` declares the same exports.
 */
export { adam, adamUnitRows, adamValues } from './adam'
export { attentionBackward, attentionForward } from './attention'
export { dropoutMask } from './dropout'
export { expInPlace } from './exp'
export { gruBackward, gruForward } from './gru'
export { ownBackward, ownForward, softmaxLoss } from './loss'
export { gemm, packPanels, sparseTimesDense } from './matrix'
export {
  fillRows,
  gather,
  gatherMasked,
  normaliseRows,
  normaliseRowsBackward,
  scatterAdd,
  scatterMasked,
  sumRows,
} from './rows'
