/** The parts of the panel: figures, interests, products, and the pack. */
import type { RankedEvent, Status } from '../../src/api.js'
import type { DeviceData, EventName, WireEvent } from '../../worker/protocol.js'
import { page, picture, products } from './catalogue.js'
import { el } from './dom.js'

export function figures(data: DeviceData | null, last: RankedEvent | undefined): HTMLElement {
  const figure = (value: string, text: string, zero = false) =>
    el('div', {}, el('dt', {}, text), el('dd', zero ? { class: 'zero' } : {}, value))
  const time = last?.by === 'device' ? `${last.ms.toFixed(last.ms < 10 ? 1 : 0)} ms` : '–'
  return el(
    'dl',
    { class: 'figures' },
    figure(`${data?.sentBytes ?? 0} bytes`, 'about you have left this device', true),
    figure(
      String(data?.events.length ?? 0),
      { disk: 'events kept in this browser', memory: 'events, in memory only', nothing: 'events kept' }[
        data?.kept ?? 'nothing'
      ],
    ),
    figure(time, 'for the last list'),
  )
}

/** How much each kind of event says about a category. Only for the bars here; the engine has its own weights. */
const WEIGHT: Partial<Record<EventName, number>> = {
  view_item: 1,
  select_item: 1,
  add_to_cart: 3,
  purchase: 4,
  add_to_wishlist: 2,
  remove_from_cart: -1,
  less_like_this: -3,
}

export async function interests(data: DeviceData | null): Promise<(Node | string)[]> {
  const goods = await products()
  const shelves = new Map<string, number>()
  const add = (item: string, weight: number) => {
    const shelf = goods.get(item)?.category
    if (shelf) shelves.set(shelf, (shelves.get(shelf) ?? 0) + weight)
  }
  for (const { name, items } of data?.events ?? [])
    for (const { item_id } of items) add(item_id, WEIGHT[name] ?? 0)
  const strongest = [...shelves]
    .filter(([, weight]) => weight > 0)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 5)
  const most = strongest[0]?.[1] ?? 1
  const bars = strongest.map(([shelf, weight]) =>
    el(
      'p',
      { class: 'bar' },
      el('span', {}, shelf),
      el('progress', { max: most, value: weight, 'aria-label': shelf }),
    ),
  )
  const remembered = (data?.profile ?? []).slice(0, 3).flatMap(({ item }) => {
    const title = goods.get(item)?.title
    return title ? [`“${title}”`] : []
  })
  return [
    el('h3', {}, 'What you seem to like'),
    ...(bars.length > 0 ? bars : [el('p', { class: 'note' }, 'Nothing yet. Open a product you like.')]),
    remembered.length > 0
      ? el('p', { class: 'note' }, `Most important from earlier visits: ${remembered.join(', ')}.`)
      : '',
  ]
}

const DEEDS: Record<EventName, string> = {
  view_item: 'looked at',
  select_item: 'chosen from a list',
  view_item_list: 'seen in a list',
  add_to_cart: 'put in the basket',
  remove_from_cart: 'removed from the basket',
  add_to_wishlist: 'saved',
  purchase: 'bought',
  refund: 'returned',
  view_search_results: 'found by searching',
  user_engagement: 'kept in view',
  less_like_this: 'less like this',
  prefer: 'preferred',
  undo_less_like_this: 'wanted after all',
}

/** Only seen. These are counted, not listed. */
const PASSING: readonly EventName[] = ['view_item_list', 'view_search_results', 'user_engagement']

export async function knownThings(data: DeviceData | null): Promise<(Node | string)[]> {
  const goods = await products()
  const things = new Map<string, { deeds: Map<EventName, number>; time: number }>()
  const passing = new Set<string>()
  const searches = new Set<string>()
  for (const event of data?.events ?? []) {
    if (event.query) searches.add(event.query)
    for (const { item_id } of event.items) {
      if (PASSING.includes(event.name)) passing.add(item_id)
      else note(things, item_id, event)
    }
  }
  const rows = [...things]
    .sort(([, a], [, b]) => b.time - a.time)
    .map(([id, { deeds, time }]) => {
      const title = goods.get(id)?.title ?? `Item ${id}`
      const done = [...deeds]
        .map(([name, times]) => `${DEEDS[name]}${times > 1 ? ` ${times} times` : ''}`)
        .join(', ')
      return el(
        'li',
        { class: 'thing', 'data-thing': id },
        el('img', { src: picture(id), width: 200, height: 240, alt: '', loading: 'lazy' }),
        el(
          'span',
          { class: 'thing-text' },
          el('a', { href: page(id) }, title),
          el('span', { class: 'note' }, `${done} · ${ago(time)}`),
        ),
        el(
          'button',
          {
            class: 'button small',
            type: 'button',
            'data-forget': id,
            'data-title': title,
            'aria-label': `Forget ${title}`,
          },
          'Forget',
        ),
      )
    })
  return [
    // The focus goes here when the last product is forgotten.
    el('h3', { tabindex: -1 }, 'What you did'),
    rows.length > 0 ? el('ul', { class: 'things' }, ...rows) : el('p', { class: 'note' }, 'Nothing.'),
    passing.size > 0 ? el('p', { class: 'note' }, `You also saw ${passing.size} products in lists.`) : '',
    searches.size > 0
      ? el(
          'p',
          { class: 'note' },
          `You searched for: ${[...searches].map((words) => `“${words}”`).join(', ')}.`,
        )
      : '',
  ]
}

function note(
  things: Map<string, { deeds: Map<EventName, number>; time: number }>,
  id: string,
  event: WireEvent,
): void {
  const thing = things.get(id) ?? { deeds: new Map(), time: 0 }
  things.set(id, thing)
  thing.deeds.set(event.name, (thing.deeds.get(event.name) ?? 0) + 1)
  thing.time = Math.max(thing.time, event.time)
}

const UNITS = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
] as const

function ago(time: number): string {
  const seconds = Math.max(0, (Date.now() - time) / 1000)
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
  for (const [size, unit] of UNITS)
    if (seconds >= size) return words.format(-Math.floor(seconds / size), unit)
  return 'just now'
}

const PLACES: Record<NonNullable<Status['pack']['from']>, string> = {
  network: 'downloaded just now',
  opfs: 'from this browser’s file storage',
  cache: 'from this browser’s cache',
  indexeddb: 'from this browser’s database',
  memory: 'from memory',
}

export function packFacts(
  { pack, backend, worker, error, version }: Status,
  stored: number | undefined,
): (Node | string)[] {
  const facts: [string, string | undefined][] = [
    ['State', pack.state === 'ready' ? `in use, ${pack.from ? PLACES[pack.from] : ''}` : pack.state],
    ['Products in it', pack.items?.toLocaleString('en-GB')],
    ['Size', pack.bytes === undefined ? undefined : bytes(pack.bytes)],
    [
      'Baskets behind each figure',
      pack.minSessions === undefined ? undefined : `${pack.minSessions} or more`,
    ],
    [
      'Number, date',
      pack.sequence === undefined ? undefined : `${pack.sequence}, ${pack.created?.slice(0, 10)}`,
    ],
    ['Computes with', backend && { wasm: 'WebAssembly SIMD', js: 'JavaScript' }[backend]],
    ['Stored by this shop in total', stored === undefined ? undefined : bytes(stored)],
    ['nearside', version || undefined],
    ['Worker', worker === 'running' ? undefined : worker],
    ['Problem', error ?? pack.error],
  ]
  return [
    el('h3', {}, 'The file it works from'),
    el(
      'p',
      { class: 'note' },
      'Made once from the shop’s past baskets. It is the same for everybody, and nobody’s basket is in it.',
    ),
    el(
      'dl',
      { class: 'facts' },
      ...facts.flatMap(([name, value]) => (value ? [el('dt', {}, name), el('dd', {}, value)] : [])),
    ),
  ]
}

function bytes(count: number): string {
  if (count < 1000) return `${count} bytes`
  return count < 1e6 ? `${Math.round(count / 1000)} KB` : `${(count / 1e6).toFixed(1)} MB`
}
