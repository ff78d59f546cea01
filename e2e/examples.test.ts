/**
 * The examples of the documentation, as a reader copies them. TypeScript and JavaScript are compiled strictly against the
 * published types, and then run in a page. HTML is opened as a page. So an example that is wrong fails the tests.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { transformSync } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EVENT_NAMES, strengthOf } from '../worker/feedback/signals.js'
import type { Driver } from './drivers/driver.js'
import { find } from './drivers/find.js'
import { onStage } from './stage.js'

interface Example {
  /** File and line. */
  name: string
  language: string
  code: string
}

const examples = ['README.md', 'docs/api.md'].flatMap(examplesOf)
const scripts = examples.filter(({ language }) => language === 'ts' || language === 'js')
const pages = examples.filter(({ language }) => language === 'html')

function examplesOf(file: string): Example[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(({ index, 1: language, 2: code }) => ({
    name: `${file}:${text.slice(0, index).split('\n').length}`,
    language: language!,
    code: code!,
  }))
}

/** What an example may expect from its page. */
const PAGE = `import type { Nearside } from 'nearside'
declare global {
  const nearside: Nearside
  const products: { id: string; title: string }[]
  function show(list: readonly unknown[]): void
}`

test('the documentation has examples', () => {
  expect(scripts.length).toBeGreaterThan(15)
  expect(pages.length).toBeGreaterThan(3)
})

test('every option is documented, and every event with its strength', () => {
  const text = readFileSync('docs/api.md', 'utf8')
  const readme = readFileSync('README.md', 'utf8')
  const [, options = ''] = readFileSync('src/api.ts', 'utf8').match(/interface Options \{(.*?)^\}/ms) ?? []
  const names = [...options.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name)
  expect(names).toContain('pack')
  for (const option of names) expect(text).toContain(`\n| \`${option}`)
  for (const event of EVENT_NAMES) {
    const [, strength] = text.match(`\n\\| \`${event}\` +\\| +(\\S+)`) ?? []
    expect(Number(strength), event).toBe(strengthOf(event))
    expect(readme).toContain(`\`${event}\``)
  }
})

test('the scripts compile for a shop that has installed the package', () => {
  const shop = mkdtempSync(join(tmpdir(), 'nearside-examples-'))
  try {
    mkdirSync(join(shop, 'node_modules'))
    symlinkSync(resolve('.'), join(shop, 'node_modules/nearside'), 'junction')
    writeFileSync(join(shop, 'page.d.ts'), PAGE)
    for (const { name, code } of scripts) {
      writeFileSync(join(shop, `${name.replaceAll(/\W/g, '-')}.ts`), `${code}\nexport {}\n`)
    }
    const options = { strict: true, noEmit: true, module: 'esnext', moduleResolution: 'bundler', types: [] }
    writeFileSync(
      join(shop, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { target: 'es2022', ...options } }),
    )
    const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc')
    execFileSync(process.execPath, [tsc, '-p', shop], { encoding: 'utf8' })
  } catch (error) {
    throw new Error((error as { stdout?: string }).stdout || String(error))
  } finally {
    rmSync(shop, { recursive: true })
  }
})

const found = find(process.env.E2E_BROWSER ?? 'chromium')

if (typeof found !== 'string') {
  let browser: Driver
  beforeAll(async () => {
    browser = await found.launch()
  })
  afterAll(() => browser.close())

  for (const { name, code } of scripts) {
    test(`the script at ${name} runs`, () =>
      onStage(browser, actsOf(code), async ({ open }) => {
        const tab = await open()
        await tab.run('create')
        await tab.run('example')
        expect(tab.errors).toEqual([])
      }))
  }

  for (const { name, code } of pages) {
    test(`the page at ${name} opens`, () =>
      onStage(browser, actsOf(''), async ({ open, page }) => {
        const tab = await open(page({ body: code }))
        expect(await tab.run('settled')).toMatch(/^(ready|none)$/)
        expect(tab.errors).toEqual([])
      }))
  }
}

/** The test page's script, with the example as one of its acts. */
function actsOf(code: string): string {
  const { code: example } = transformSync(code, { loader: 'ts', target: 'es2022' })
  const body = example.replaceAll(
    /^import (\{.*?\}) from "nearside(\/inline)?";$/gm,
    (_, names, inline) => `const ${names} = await import('/nearside/${inline ? 'inline' : 'index'}.js');`,
  )
  return `
globalThis.products = [{ id: 'lamp01', title: 'A lamp' }, { id: 'mug01', title: 'A mug' }]
globalThis.show = () => {}
globalThis.acts = {
  async create() {
    const { create } = await import('/nearside/index.js')
    globalThis.nearside = create({ pack: '/packs/shop/' })
  },
  async example() {
    ${body}
  },
  /** State of the pack once it has arrived. Some pages have only the stub or markup, and no pack. */
  async settled() {
    for (let i = 0; i < 200; i++) {
      const state = (await globalThis.nearside?.status())?.pack.state ?? 'none'
      if (state === 'ready' || state === 'failed' || !document.querySelector('script[src*="nearside.js"]')) return state
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return 'late'
  },
}`
}
