/**
 * Imports run one way.
 *
 * - There are no circles between files and none between folders. Imports of types count too. A type that two files need from
 *   each other goes into a file of its own.
 * - A subfolder is a folder of its own: it may import its parent, or its parent may import it, but not both.
 * - The files at the top of a package (HALLS) do not form a folder; each counts alone. So every folder of the worker may
 *   import `worker/protocol.ts`, and `worker/engine.ts` may import every folder.
 * - The parts of a folder are its files and its subfolders, each subfolder with everything inside it. Imports between the
 *   parts run one way too.
 * - Some imports are not allowed at all: see RULES.
 *
 * Tests may import anything, so `*.test.ts` files are not checked.
 */
import { dirname } from 'node:path/posix'
import { describe, expect, test } from 'vitest'
import { circlesIn, circlesOfParts, readImports } from './imports.js'

const ROOTS = ['src', 'worker', 'train', 'demo', 'e2e', 'bench', 'build']
/** Folders whose own files each count alone. */
const HALLS = [...ROOTS, 'train/src']
const isTest = (file: string) => /\.test\.ts$/.test(file)
const isFixture = (file: string) => /\/(fixtures\/|toy\.ts$|fake-[^/]*$)/.test(file)

interface Rule {
  /** What an import that breaks the rule does, for the message. */
  says: string
  from: RegExp
  to: RegExp
}

const RULES: Rule[] = [
  {
    says: 'the page (src/) knows only worker/protocol.ts of the rest: pass the value across the thread, or put the type there',
    from: /^src\//,
    to: /^(?!src\/|worker\/protocol\.ts$)/,
  },
  {
    says: 'the engine (worker/) knows neither the page nor the tools: move what it needs into worker/',
    from: /^worker\//,
    to: /^(?!worker\/)/,
  },
  {
    says: 'worker/pack knows no other room: move the code that reads the bytes into the room that uses them',
    from: /^worker\/pack\//,
    to: /^worker\/(?!pack\/|protocol\.ts$|databases\.ts$)/,
  },
  {
    says: 'worker/compute knows no other room: pass it arrays and numbers',
    from: /^worker\/compute\//,
    to: /^worker\/(?!compute\/|protocol\.ts$)/,
  },
  {
    says: 'the trainer (train/) knows only worker/ beside itself',
    from: /^train\//,
    to: /^(?!train\/|worker\/)/,
  },
]

const all = readImports(ROOTS)
const imports = new Map([...all].filter(([file]) => !isTest(file)))

describe('imports', () => {
  test('every kind of import is found', () => {
    expect(all.get('build/imports.test.ts')).toEqual(['build/imports.ts'])
    // A lazy import, and an import of types only.
    expect(all.get('train/src/commands/evaluate.ts')).toContain('train/src/evaluate/report/report.ts')
    expect(all.get('train/src/model/warm-start.ts')).toContain('train/src/model/result/trained-model.ts')
    expect(
      circlesIn(
        arrowsOf([
          ['a', 'b'],
          ['b', 'c'],
          ['c', 'a'],
          ['c', 'd'],
        ]),
      ),
    ).toEqual([['a', 'b', 'c', 'a']])
  })

  test('there is no circle of files', () => {
    const circles = circlesIn(new Map([...imports].map(([file, to]) => [file, new Set(to)])))
    expect(
      circles.map(
        (circle) => `${circle.join('\n  imports ')}\n  Move what both sides need into a file of its own.`,
      ),
    ).toEqual([])
  })

  test('there is no circle of folders', () => {
    const roomOf = (file: string) => (HALLS.includes(dirname(file)) ? file : dirname(file))
    const between: [string, string][] = []
    const examples = new Map<string, string>()
    for (const [file, targets] of imports) {
      if (isFixture(file)) continue
      for (const target of targets) {
        const [from, to] = [roomOf(file), roomOf(target)]
        if (from === to) continue
        between.push([from, to])
        examples.set(`${from} ${to}`, `${file} imports ${target}`)
      }
    }
    const told = circlesIn(arrowsOf(between)).map((circle) => {
      const steps = circle.slice(1).map((to, i) => examples.get(`${circle[i]} ${to}`))
      return `${circle.join(' -> ')}\n  ${steps.join('\n  ')}\n  Move the file of one of these arrows to where it is needed, or its types into a third folder.`
    })
    expect(told).toEqual([])
  })

  test('there is no circle between the parts of a folder', () => {
    const shipped = new Map(
      [...imports]
        .filter(([file]) => !isFixture(file))
        .map(([file, to]) => [file, to.filter((target) => !isFixture(target))]),
    )
    expect(
      circlesOfParts(shipped).map(
        (circle) =>
          `${circle}\n  Move the file of one of these arrows to where it is needed, or into a third folder.`,
      ),
    ).toEqual([])
    const nested = new Map([
      ['shop/list/list.ts', ['shop/cart/cart.ts', 'shop/item.ts']],
      ['shop/list/rows/row.ts', []],
      ['shop/cart/cart.ts', ['shop/item.ts']],
    ])
    expect(circlesOfParts(nested)).toEqual([])
    nested.set('shop/cart/cart.ts', ['shop/list/rows/row.ts'])
    expect(circlesOfParts(nested)).toEqual([
      'shop/cart/ -> shop/list/ -> shop/cart/\n' +
        '  shop/cart/cart.ts imports shop/list/rows/row.ts\n' +
        '  shop/list/list.ts imports shop/cart/cart.ts',
    ])
  })

  test('no import breaks a rule', () => {
    // Fixtures are parts of tests, which use everything.
    const shipped = arrows().filter(([from]) => !isFixture(from))
    const wrong = shipped.flatMap(([from, to]) =>
      RULES.filter((rule) => rule.from.test(from) && rule.to.test(to)).map(
        ({ says }) => `${from} imports ${to}\n  ${says}.`,
      ),
    )
    expect(wrong).toEqual([])
  })

  test('shipped code imports no fixture and no test', () => {
    const wrong = arrows()
      .filter(
        ([from, to]) =>
          /^(src|worker|train)\//.test(from) && !isFixture(from) && (isFixture(to) || isTest(to)),
      )
      .map(([from, to]) => `${from} imports ${to}\n  Move what it needs out of the fixture.`)
    expect(wrong).toEqual([])
  })
})

function arrows(): [string, string][] {
  return [...imports].flatMap(([from, targets]) => targets.map((to): [string, string] => [from, to]))
}

function arrowsOf(pairs: readonly (readonly [string, string])[]): Map<string, Set<string>> {
  const arrows = new Map<string, Set<string>>()
  for (const [from, to] of pairs) arrows.set(from, (arrows.get(from) ?? new Set()).add(to))
  return arrows
}
