import { expect, test } from 'vitest'
import { CATEGORIES } from '../shop/categories.js'
import { readItems } from '../shop/data.js'
import { aboutPage } from './about.js'
import { basketPage } from './basket.js'
import { categoryPage } from './category.js'
import { homePage } from './home.js'
import { html } from './html.js'
import { productPages } from './product.js'
import { searchPage } from './search.js'
import { products, type Shop } from './shop.js'
import { switchesPage } from './switches.js'

const shop: Shop = {
  products: products(readItems()),
  baskets: 17_000,
  assets: {
    script: '/s.js',
    early: '/e.js',
    style: '/s.css',
    catalogue: '/c.json',
    art: '/art',
    signs: '/signs',
  },
  stub: 'window.nearside={}',
}

const pages = new Map<string, string>([
  ['index.html', homePage(shop)],
  ['basket.html', basketPage(shop)],
  ['search.html', searchPage(shop)],
  ['about.html', aboutPage(shop)],
  ['switches.html', switchesPage(shop)],
  ...CATEGORIES.map((category) => [`c/${category.slug}.html`, categoryPage(shop, category)] as const),
  ...productPages(shop),
])

test('text is escaped', () => {
  expect(html`<b title="${'"'}">${'<Tea & cake>'}</b>`.text).toBe(
    '<b title="&quot;">&lt;Tea &amp; cake&gt;</b>',
  )
})

test('no link within the shop leads nowhere', () => {
  const links = new Set(
    [...pages.values()]
      .flatMap((text) => [...text.matchAll(/href="\/([^"#?]*\.html)?"/g)])
      .map(([, to]) => to ?? 'index.html'),
  )
  expect([...links].filter((to) => !pages.has(to))).toEqual([])
})

test('pages hold nothing that the security policy forbids, and nothing from elsewhere', () => {
  for (const text of pages.values()) {
    expect(text).not.toMatch(/ style=| on[a-z]+="|<style|https?:\/\//)
    expect(text.match(/<script>/g)).toHaveLength(1)
  }
})

test('every page has one first heading and one main part', () => {
  for (const text of pages.values()) {
    expect(text.match(/<h1/g)).toHaveLength(1)
    expect(text.match(/<main/g)).toHaveLength(1)
  }
})
