/**
 * Leaves out of a bundle what idb adds to databases and stores by calls of its own: methods such as `db.get`, which
 * open a transaction each, and iterators. No tree shaking can know that the worker, which opens its transactions itself,
 * uses neither; marked as pure, the calls fall away.
 */
import type { Plugin } from 'rollup'

export function leanIdb(): Plugin {
  return {
    name: 'lean-idb',
    transform(code, id) {
      if (!id.endsWith('/idb/build/index.js')) return null
      const calls = /^(?=replaceTraps\()/gm
      if (code.match(calls)?.length !== 2) this.error('idb has changed: see build/lean-idb.ts')
      return { code: code.replace(calls, '/*#__PURE__*/ '), map: null }
    },
  }
}
