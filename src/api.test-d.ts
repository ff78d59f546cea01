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

/** Whether two types are the same; `any` is the same as nothing but itself. */
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
  workerUrl: new URL('https://cdn.example/worker.js'),
  debug: true,
})

// Options can be fixed, and one that is undefined is one that is left out.
export const fixed = { pack: '/packs/shop/', consent: undefined, retention: { days: 30 } } as const
create(fixed)

// @ts-expect-error: there is nothing to rank with without a pack.
create({})
// @ts-expect-error: an unknown option is a mistake: this one is `consent`.
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
// Editors suggest the names that count; a shop may pass on all of its GA4 events.
nearside.track('scroll')
const name: Parameters<Nearside['track']>[0] = 'view_item' satisfies EventName
nearside.track(name, { items: [] as const })

// @ts-expect-error: an item has `item_id`, not `id`.
nearside.track('view_item', { items: [{ id: 'sku1' }] })
// @ts-expect-error: an item's id is a text, a number or a bigint.
nearside.track('view_item', { items: [{ item_id: null }] })
// @ts-expect-error: an entry of the data layer holds the event's name in a field; `track` takes the name itself.
nearside.track({ event: 'view_item', ecommerce: {} })

// rank

const ranked = await nearside.rank(products, { key: ({ sku }) => sku, slot: 'home', limit: 24, timeout: 200 })
is<Result<Product>>()(ranked, true)
is<Product>()(ranked.items[0]!.item, true)
is<string>()(ranked.requestId, true)
await nearside.rank(new Set(['sku1', 'sku2']))
await nearside.rank(products.values(), { key: () => null })

// @ts-expect-error: `key` gets the shop's own object, and this one has no `id`.
await nearside.rank(products, { key: ({ id }) => id })
// @ts-expect-error: an answer of a server, say, is no list.
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
is<'seen-with' | 'similar' | 'again' | 'taste' | 'popular' | 'shop'>()(first.reasons[0]!.code, true)

// recommend, similar, explain

is<Result<string>>()(await nearside.recommend({ exclude: new Set([1, 'sku2']), seeds: ['sku1'] }), true)
is<Result<string>>()(await nearside.similar('sku1', { limit: 8, exclude: ['sku2'] }), true)

// @ts-expect-error: a list of ids is expected, not one id. A text would be taken for a list of its letters.
await nearside.recommend({ exclude: 5 })
// @ts-expect-error: `similar` needs an item.
await nearside.similar()

const explained = await nearside.explain('sku1')
// @ts-expect-error: there may be no explanation; `by` says so.
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
// @ts-expect-error: nothing is granted for advertisements.
nearside.consent.grant('ads')
// @ts-expect-error: the state is changed by grant() and deny().
nearside.consent.state = 'granted'
// @ts-expect-error: the consent object itself stays the client's.
nearside.consent = { state: 'granted', grant() {}, deny() {} }

// export, forget, status

is<DeviceData | null>()(await nearside.export(), true)
is<boolean>()(await nearside.forget(), true)
await nearside.forget({ item: 'sku1' })
// @ts-expect-error: an item without an id must not mean all items.
await nearside.forget({ item: undefined })
// @ts-expect-error: everything is forgotten by forget(), not by an empty wish.
await nearside.forget({})
// @ts-expect-error: an id alone is not accepted: a slip would erase more, or less, than was meant.
await nearside.forget('sku1')
// @ts-expect-error: one item at a time.
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
// @ts-expect-error: there is no such event: this one is 'ready'.
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
