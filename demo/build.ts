/**
 * Builds the shop into `demo/dist/site`: all pages, a picture for every product, the scripts, the style, the catalogue,
 * and the SDK's two files, copied from `dist/` as a shop would do it.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build as bundle } from 'esbuild'
import { label } from './art/label.js'
import { aboutPage } from './pages/about.js'
import { basketPage } from './pages/basket.js'
import { categoryPage } from './pages/category.js'
import { homePage } from './pages/home.js'
import { signFile } from './pages/icons.js'
import { productPages } from './pages/product.js'
import { searchPage } from './pages/search.js'
import { products, type Shop } from './pages/shop.js'
import { switchesPage } from './pages/switches.js'
import { runChild } from './run-child.js'
import { CATEGORIES } from './shop/categories.js'
import { readBaskets, readItems } from './shop/data.js'
import { stamp, textOf } from './stamp.js'

export const SITE = 'demo/dist/site'

const ASIDE = 'demo/dist/site.new'
const SDK_SOURCES = ['src', 'worker', 'build', 'rollup.config.ts', 'package-lock.json']

/** Builds what is out of date. @returns what was built, in words */
export async function buildSite(signal: AbortSignal): Promise<string[]> {
  const done: string[] = []
  const sdk = stamp(SDK_SOURCES)
  const sdkStamp = 'demo/dist/sdk.sources'
  if (textOf(sdkStamp) !== sdk || !textOf('dist/nearside.js') || !textOf('dist/worker.js')) {
    const rollup = 'node_modules/rollup/dist/bin/rollup'
    await runChild([rollup, '-c', 'rollup.config.ts', '--configPlugin', 'esbuild', '--silent'], signal)
    mkdirSync('demo/dist', { recursive: true })
    writeFileSync(sdkStamp, sdk)
    done.push('SDK')
  }
  const site = stamp(['demo', ...SDK_FILES.map((name) => `dist/${name}`)])
  const siteStamp = 'demo/dist/site.sources'
  if (textOf(siteStamp) === site && textOf(`${SITE}/index.html`)) return done

  rmSync(ASIDE, { recursive: true, force: true })
  await writeSite(ASIDE)
  rmSync(SITE, { recursive: true, force: true })
  renameSync(ASIDE, SITE)
  writeFileSync(siteStamp, site)
  done.push('site')
  return done
}

/** What pages of the demo load. The stub is inside them. */
const SERVED = ['nearside.js', 'lists.js', 'capture.js', 'worker.js', 'shape.js', 'asked.js']
const SDK_FILES = [...SERVED, 'stub.js']

/** Writes the whole site into a folder. The SDK must have been built into `dist/`. */
export async function writeSite(folder: string): Promise<void> {
  const write = writer(folder)
  const goods = products(readItems())
  const labels = goods.map(({ id, title, category }) => label(id, title, category.slug))
  const signs = CATEGORIES.map(({ slug }) => signFile(slug))
  const names = CATEGORIES.map(({ name }) => name)
  const catalogue = JSON.stringify({
    categories: names,
    products: goods.map(({ title, price, category }) => [title, price, CATEGORIES.indexOf(category)]),
  })
  const script = await bundled('demo/site/main.ts')
  const early = await bundled('demo/site/early.ts', 'iife')
  const style = await bundled('demo/site/style.css')

  const shop: Shop = {
    products: goods,
    baskets: readBaskets().length,
    assets: {
      script: `/shop.${hashOf(script)}.js`,
      early: `/early.${hashOf(early)}.js`,
      style: `/shop.${hashOf(style)}.css`,
      catalogue: `/catalogue.${hashOf(catalogue)}.json`,
      art: `/art.${hashOf(labels.join(''))}`,
      signs: `/signs.${hashOf(signs.join(''))}`,
    },
    stub: readFileSync('dist/stub.js', 'utf8').trim(),
  }

  write(shop.assets.script, script, true)
  write(shop.assets.early, early, true)
  write(shop.assets.style, style, true)
  write(shop.assets.catalogue, catalogue, true)
  write('icon.svg', ICON)
  for (const name of SERVED) write(name, readFileSync(`dist/${name}`, 'utf8'), true)
  goods.forEach(({ id }, index) => {
    write(`${shop.assets.art}/${id}.svg`, labels[index]!)
  })
  CATEGORIES.forEach(({ slug }, index) => {
    write(`${shop.assets.signs}/${slug}.svg`, signs[index]!)
  })
  write('index.html', homePage(shop), true)
  write('basket.html', basketPage(shop), true)
  write('search.html', searchPage(shop), true)
  write('about.html', aboutPage(shop), true)
  write('switches.html', switchesPage(shop), true)
  for (const category of CATEGORIES) write(`c/${category.slug}.html`, categoryPage(shop, category), true)
  for (const [path, text] of productPages(shop)) write(path, text)
}

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="20" fill="#d63a2b"/>' +
  '<path d="M14.5 16a5.5 5.5 0 1 1 10 3.2L14.8 28.5H26" fill="none" stroke="#fffaf0" stroke-width="3.6" stroke-linecap="round" stroke-linejoin="round"/></svg>'

async function bundled(entry: string, format: 'esm' | 'iife' = 'esm'): Promise<string> {
  const { outputFiles } = await bundle({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format,
    target: 'es2022',
    write: false,
  })
  return outputFiles[0]!.text
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 10)

function writer(folder: string) {
  return (path: string, text: string, compressed = false): void => {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    if (!compressed) return
    writeFileSync(`${file}.gz`, gzipSync(text))
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }),
    )
  }
}
