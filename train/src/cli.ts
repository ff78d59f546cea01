import wasm from '../../worker/compute/assembly/index.wasm'
console.log(wasm.length)
