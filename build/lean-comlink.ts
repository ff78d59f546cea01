/**
 * Of Comlink, `expose` as the worker needs it: `src/thread/call.ts` calls methods with plain values and a listener
 * (`worker/listener.ts`). It reads and writes no properties, makes no objects, asks for no further ports and sends no proxies.
 * Without these, tree shaking takes Comlink's caller's side as well.
 */
import type { Plugin } from 'rollup'
import { lean } from './lean.js'

export function leanComlink(): Plugin {
  return lean('/comlink/dist/esm/comlink.mjs', [
    ['proxies of objects', /\["proxy", proxyTransferHandler\],\n/],
    ['release of proxies', /^const proxyFinalizers =[\s\S]*?^ {4}}\);\n/m],
    ['release of what is exposed', /if \(type === "RELEASE"[\s\S]*?\n {12}}\n/],
    ['reading and writing properties', /case "GET"[\s\S]*?(?=case "APPLY")/],
    ['new objects, further ports', /case "CONSTRUCT"[\s\S]*?(?=default:)/],
    ['errors sent to the worker', /deserialize\(serialized\) {[\s\S]*?\n {4}},\n/],
    ['transfer of what is answered', /transferCache\.get\(value\) \|\| /],
    ['origins, which messages to a worker lack', /if \(!isAllowedOrigin[\s\S]*?\n {8}}\n/],
  ])
}
