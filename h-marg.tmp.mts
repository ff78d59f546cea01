import { rollup } from 'rollup'; import esbuild from 'rollup-plugin-esbuild'; import { nodeResolve } from '@rollup/plugin-node-resolve'
import { minify } from '@swc/core'; import { brotliCompressSync, constants } from 'node:zlib'; import {readFileSync} from 'node:fs'
const b=(c:string)=>brotliCompressSync(Buffer.from(c),{params:{[constants.BROTLI_PARAM_QUALITY]:11,[constants.BROTLI_PARAM_LGWIN]:24,[constants.BROTLI_PARAM_SIZE_HINT]:c.length}}).length
async function size(stub?:string){
 const bundle = await rollup({input:'src/auto.ts',onwarn(){},plugins:[nodeResolve(),{name:'s',transform(code,id){ if(stub&&id.endsWith(stub)){ const names=[...code.matchAll(/export (?:async )?(?:function|const) (\w+)/g)].map(m=>m[1]); const ex=[...names]; if(id.includes('comlink')) return 'export const expose=globalThis.a,wrap=globalThis.b,proxy=globalThis.c'; return ex.map(n=>`export const ${n}=globalThis.${n}`).join('\n')}}},esbuild({target:'es2022',tsconfig:false})]})
 const {output}=await bundle.generate({format:'iife'})
 const r=await minify(output[0].code,{ecma:2020,module:false,compress:{passes:3,ecma:2020,unsafe_arrows:true,unsafe_methods:true},mangle:true,format:{comments:false}} as never)
 return [b(r.code),Object.keys(output[0].modules)] as const
}
const [base,mods]=await size(); console.log(base)
for(const m of mods){ if(/auto\.ts/.test(m)) continue; const [s]=await size(m.replace(/.*wt-h/,'')); console.log(base-s, m.replace(/.*wt-h\//,'')) }
