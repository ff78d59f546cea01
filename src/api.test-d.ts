/**
 * Tests of the types in `api.ts`. Nothing here runs: `tsc -b` fails when a type is no longer what is written here, or when
 * code compiles that must not.
 */
import {
  create,
  type DeviceData,
  type EventName,
  type Explanation,
  type Nearside,
  type NearsideEvent,
  type RankedItem,
  type Reason,
  type Result,
  type Source,
  type Status,
  type Why,
} from './index.js'

/** Whether two types are the same. `any` is the same only as `any`. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles where the value's type is exactly `Expected`. */
type Check = <Expected>() => <Actual>(actual: Actual, same: Same<Actual, Expected>) => void

interface Product {
  sku: number
  name: string
}

declare const is: Check
declare const nearside: Nearside
declare const products: readonly Product[]

// create

export const minimal: Nearside = create({ pack: '/packs/shop/' })

create({
  pack: '/packs/shop/',
  consent: 'auto',
  remember: true,
  timeout: 200,
  key: 'base64',
  backend: 'js',
  retention: { days: 30 },
  maxPackBytes: 1e6,
  ranking: { reasons: true, rules: [{ kind: 'available', remove: true }] },
  slots: { home: { rules: [{ kind: 'pin', position: 0, where: { ids: ['sku1'] } }] } },
  workerUrl: new URL('https://cdn.example/worker.js'),
  debug: true,
})

// Options can be read-only. An option that is undefined counts as left out.
export const fixed = { pack: '/packs/shop/', consent: undefined, retention: { days: 30 } } as const
create(fixed)

// @ts-expect-error: `pack` is required: without a pack there is nothing to rank with.
create({})
// @ts-expect-error: an unknown option is a mistake. The option is called `consent`.
create({ pack: '/packs/shop/', consents: 'auto' })
// @ts-expect-error: consent is 'auto', 'granted', 'denied' or 'unknown'.
create({ pack: '/packs/shop/', consent: true })
// @ts-expect-error: kernels are 'auto', 'wasm' or 'js'.
create({ pack: '/packs/shop/', backend: 'webgl' })

// track

nearside.track('view_item', { items: [{ item_id: 'sku1', price: '12.50', item_name: 'Lamp' }] })
nearside.track('view_search_results', { search_term: 'lamp' })
nearside.track('add_to_cart', { items: [{ item_id: 7n }], slot: 'home', requestId: 'r' })
nearside.track('purchase', { items: [{ item_id: 7 }], transaction_id: 1001, currency: 'EUR' })
// Editors suggest the names that count. Other names compile too, so a shop may pass on all of its GA4 events.
nearside.track('scroll')
const name: Parameters<Nearside['track']>[0] = 'view_item' satisfies EventName
nearside.track(name, { items: [] as const })

// @ts-expect-error: an item has `item_id`, not `id`.
nearside.track('view_item', { items: [{ id: 'sku1' }] })
// @ts-expect-error: an item's id is a text, a number or a bigint.
nearside.track('view_item', { items: [{ item_id: null }] })
// @ts-expect-error: `track` takes the event's name first, and not a whole entry of the data layer.
nearside.track({ event: 'view_item', ecommerce: {} })

// prefer

nearside.prefer({ categories: ['Lamps'], brands: new Set(['Ay']), items: [7, 'sku1'], price: { max: '20' } })
nearside.prefer({})
// @ts-expect-error: several categories are possible, so `categories` is a list.
nearside.prefer({ category: 'Lamps' })

// rank

const ranked = await nearside.rank(products, { key: ({ sku }) => sku, slot: 'home', limit: 24, timeout: 200 })
is<Result<Product>>()(ranked, true)
is<Product>()(ranked.items[0]!.item, true)
is<string>()(ranked.requestId, true)
await nearside.rank(new Set(['sku1', 'sku2']))
await nearside.rank(products.values(), { key: () => null })

await nearside.rank(products, {
  facts: ({ name }) => ({ title: name, colours: ['red'], stock: 3 }),
  score: ({ sku }) => sku / 10,
  fixed: (_, index) => index < 4,
  reasons: true,
  rules: [{ kind: 'cap', by: 'seller', most: 2, within: 10 }],
})
// @ts-expect-error: there is no rule of the kind 'first'. An item is pinned to position 0.
await nearside.rank(products, { rules: [{ kind: 'first', where: { ids: ['sku1'] } }] })
// @ts-expect-error: `score` returns a number, or a text that is one.
await nearside.rank(products, { score: ({ name }) => ({ name }) })

// @ts-expect-error: `key` gets the shop's own object, and the products here have no `id`.
await nearside.rank(products, { key: ({ id }) => id })
// @ts-expect-error: an object is not a list, for example the answer of a server.
await nearside.rank({ products })
// @ts-expect-error: `exclude` belongs to `recommend`; `rank` returns every item.
await nearside.rank(products, { exclude: ['sku1'] })

if (ranked.by === 'server') is<Why>()(ranked.why, true)
else is<undefined>()(ranked.why, true)
const { by, why } = ranked
if (by === 'server') is<Why>()(why, true)

const first = ranked.items[0]!
is<RankedItem<Product>>()(first, true)
is<Source>()(first.source, true)
is<Reason[]>()(first.reasons, true)
is<'seen-with' | 'similar' | 'again' | 'visit' | 'taste' | 'asked' | 'new' | 'popular' | 'shop'>()(
  first.reasons[0]!.code,
  true,
)

// recommend, similar, explain

is<Result<string>>()(await nearside.recommend({ exclude: new Set([1, 'sku2']), seeds: ['sku1'] }), true)
is<Result<string>>()(await nearside.similar('sku1', { limit: 8, exclude: ['sku2'] }), true)

// @ts-expect-error: `exclude` is a list of ids, not one id. (A text compiles: it is a list of its letters.)
await nearside.recommend({ exclude: 5 })
// @ts-expect-error: `similar` needs an item.
await nearside.similar()

const explained = await nearside.explain('sku1')
// @ts-expect-error: there may be no explanation, so `by` must be checked first.
void explained.parts
if ('by' in explained) is<Why>()(explained.why, true)
else {
  is<Explanation>()(explained, true)
  is<'session' | 'neighbours' | 'profile' | 'repeat'>()(explained.parts[0]!.part, true)
}

// consent

nearside.consent.grant()
nearside.consent.grant('personalization')
is<'unknown' | 'granted' | 'denied'>()(nearside.consent.state, true)
// @ts-expect-error: a grant for advertisements does not exist.
nearside.consent.grant('ads')
// @ts-expect-error: the state is read-only. Only grant() and deny() change it.
nearside.consent.state = 'granted'
// @ts-expect-error: the consent object is read-only too.
nearside.consent = { state: 'granted', grant() {}, deny() {} }

// export, forget, status

is<DeviceData | null>()(await nearside.export(), true)
is<boolean>()(await nearside.forget(), true)
await nearside.forget({ item: 'sku1' })
// @ts-expect-error: an item without an id must not mean all items.
await nearside.forget({ item: undefined })
// @ts-expect-error: to erase everything, call forget() without an argument.
await nearside.forget({})
// @ts-expect-error: an id must be named as `item`, so that a mistake does not erase more or less than was meant.
await nearside.forget('sku1')
// @ts-expect-error: `forget` takes one item at a time.
await nearside.forget({ items: ['sku1'] })

const status = await nearside.status()
is<Status>()(status, true)
is<'none' | 'loading' | 'ready' | 'disabled' | 'failed'>()(status.pack.state, true)

// on

const end = nearside.on('ranked', (event) => {
  is<'rank' | 'recommend' | 'similar'>()(event.method, true)
  is<number>()(event.ms, true)
})
is<() => void>()(end, true)
nearside.on('progress', ({ loaded, total }) => loaded / total)
nearside.on('consent', ({ state }) => is<'unknown' | 'granted' | 'denied'>()(state, true))
nearside.on('list', ({ slot }) => is<string>()(slot, true))
// @ts-expect-error: there is no event 'load'. The event is called 'ready'.
nearside.on('load', () => {})
// @ts-expect-error: `ready` has no message.
nearside.on('ready', ({ message }) => message)

/** Every event, and no other. */
type Events =
  | 'ready'
  | 'progress'
  | 'pack-error'
  | 'disabled'
  | 'trouble'
  | 'consent'
  | 'forgotten'
  | 'ranked'
  | 'list'
declare const event: NearsideEvent
is<Events>()(event.type, true)
