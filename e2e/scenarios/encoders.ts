/** Each kind of encoder gives the same ranking in the browser as in Node. */
import type { Nearside } from '../../src/api.js'
import type { EncoderTensors } from '../../worker/session/encoder.js'
import { mixed, sku } from '../goods.js'
import type { Stage } from '../scenario.js'
import { scenario } from '../scenario.js'
import { shop } from '../shop.js'

const page = globalThis as unknown as { nearside: Nearside }

const acts = {
  ...shop,
  async scored(ids: string[]) {
    const { items, by } = await page.nearside.rank(ids, { limit: ids.length, timeout: 5000 })
    return { by, ids: items.map(({ id }) => id), scores: items.map(({ score }) => score) }
  },
}

const KINDS: EncoderTensors['kind'][] = ['attention', 'gru', 'mixed']

async function agrees(stage: Stage<typeof acts>, kind: EncoderTensors['kind']) {
  const { open, expect, publish, withEncoder, reference } = stage
  const pack = withEncoder(kind)
  publish(pack)
  const tab = await open()
  await tab.run('create')
  expect((await tab.run('ready')).pack).toMatchObject({ state: 'ready', from: 'network' })
  expect(await tab.run('backend')).toBe('wasm')
  await tab.run('view', sku('lamp', 3), sku('rug', 5), sku('lamp', 8))
  await tab.run('track', 'add_to_cart', sku('mug', 2))
  await tab.run('view', sku('chair', 7))

  const node = await reference(pack, (await tab.run('data'))!.events)
  const ranked = await tab.run('scored', mixed())
  const expected = await node.rank({ requestId: 'r1', ids: mixed(), slot: 'home', limit: mixed().length })
  if (expected.by !== 'device') throw new Error(`Node's engine has no answer: ${expected.why}`)
  expect(ranked).toMatchObject({ by: 'device', ids: expected.ids })
  expect(ranked.ids).not.toEqual(mixed())
  ranked.scores.forEach((score, place) => {
    expect(score).toBeCloseTo(expected.scores[place]!, 4)
  })
  const picks = await tab.run('recommend', { limit: 12 })
  expect(picks).toMatchObject({ by: 'device' })
  expect(picks.ids).toEqual(await picked(node))
  expect(tab.errors).toEqual([])
}

async function picked(node: Awaited<ReturnType<Stage<typeof acts>['reference']>>): Promise<string[]> {
  const answer = await node.recommend({ requestId: 'r2', slot: 'home', limit: 12, exclude: [] })
  return answer.by === 'device' ? answer.ids : []
}

export default scenario({
  name: 'encoders',
  everywhere: true,
  acts,
  tests: Object.fromEntries(
    KINDS.map((kind) => [
      `a pack with the encoder ${kind} ranks as in Node`,
      (stage: Stage<typeof acts>) => agrees(stage, kind),
    ]),
  ),
})
