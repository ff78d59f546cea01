/**
 * Of idb, promises of requests and transactions, which the worker opens itself: neither the shortcuts on databases that open
 * one each, such as `db.get`, nor cursors and iterators.
 */
import type { Plugin } from 'rollup'
import { lean } from './lean.js'

export function leanIdb(): Plugin {
  return lean('/idb/build/index.js', [
    ['shortcuts', /^replaceTraps\([\s\S]*?^}\)\);\n/m],
    ['iterators', /^replaceTraps\([\s\S]*?^}\)\);\n/m],
    ['cursors', /if \(getCursorAdvanceMethods[\s\S]*?\n {4}}\n/],
    ['writing to what idb returns', / {4}set\(target, prop, value\) {[\s\S]*?\n {4}},\n/],
    ['looking for properties', / {4}has\(target, prop\) {[\s\S]*?\n {4}},\n/],
    ['databases that an open one blocks', / {4}if \(blocked\) {[\s\S]*?\n {4}}\n/],
  ])
}
