/** The three experiments, bundled together by main.ts, because kernels are compiled on import. */
export { measureBandit } from './bandit.js'
export { measureCarts } from './carts.js'
export { simulateBias } from './simulated.js'
