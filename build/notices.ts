/**
 * Writes `THIRD-PARTY.txt` beside a bundle, with the licences of the packages inside it. The licences require their text to
 * be included, and minified code has no comments. They are read from node_modules, so they are always up to date.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'rollup'

export function notices(): Plugin {
  return {
    name: 'notices',
    generateBundle() {
      const folders = [...this.getModuleIds()]
        .filter((id) => id.includes('/node_modules/'))
        .map((id) => packageOf(id.replace(/^\0/, '')))
      const texts = [...new Set(folders)].sort().map(noticeOf)
      this.emitFile({
        type: 'asset',
        fileName: 'THIRD-PARTY.txt',
        source: texts.join(`\n${'-'.repeat(80)}\n\n`),
      })
    },
  }
}

function packageOf(file: string): string {
  let folder = dirname(file)
  while (!existsSync(join(folder, 'package.json')) || !manifestOf(folder).version) folder = dirname(folder)
  return folder
}

function noticeOf(folder: string): string {
  const { name, version, license } = manifestOf(folder)
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  if (!file) throw new Error(`${name} ships no licence text; add one by hand before it is bundled`)
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
}

function manifestOf(folder: string): { name: string; version?: string; license: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}
