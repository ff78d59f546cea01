import { afterEach, expect, test, vi } from 'vitest'
import { joinTabs, type TabMessage } from './tabs.js'

const view = { id: 'e1', name: 'view_item' as const, time: Date.UTC(2025, 5, 1), items: [{ item_id: 'a' }] }

function tab(database: string) {
  const heard: TabMessage[] = []
  return { heard, ...joinTabs(database, (message) => heard.push(message)) }
}

afterEach(() => vi.unstubAllGlobals())

test('every other tab of the shop gets a message; the sender and other shops do not', async () => {
  const [one, two, three, other] = [tab('shop'), tab('shop'), tab('shop'), tab('other')]
  const messages: TabMessage[] = [
    { type: 'denied' },
    { type: 'denied', grant: 'granted:1' },
    { type: 'forgotten' },
    { type: 'forgotten', item: 'a' },
    { type: 'events', events: [view] },
  ]
  for (const message of messages) one.send(message)
  await vi.waitFor(() => expect(three.heard).toEqual(messages))
  await vi.waitFor(() => expect(two.heard).toEqual(messages))
  expect([...one.heard, ...other.heard]).toEqual([])
  for (const { close } of [one, two, three, other]) close()
})

test('foreign messages are ignored', async () => {
  const shop = tab('shop')
  const stranger = new BroadcastChannel('shop:tabs')
  for (const data of [null, 'denied', {}, { type: 'wipe' }, { type: 'forgotten', item: 7 }])
    stranger.postMessage(data)
  stranger.postMessage({ type: 'events', events: [{ ...view, name: 'anything' }] })
  await vi.waitFor(() => expect(shop.heard).toEqual([{ type: 'events', events: [] }]))
  stranger.close()
  shop.close()
})

test('without BroadcastChannel a tab works alone', () => {
  vi.stubGlobal('BroadcastChannel', undefined)
  const alone = tab('shop')
  alone.send({ type: 'denied' })
  alone.close()
})
