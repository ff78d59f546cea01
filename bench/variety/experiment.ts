/** The frontier of accuracy and variety: every way at rising strengths, on validation questions or on a test set. */
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { loadLog } from '../../train/src/data/load/load.js'
import { fitVariety, type VariedList } from '../../train/src/stage/variety.js'
import type { ServingModel } from '../../worker/rank/evidence.js'
import { usualStrength } from '../../worker/shape/diversify.js'
import { byAttributes, bySessions, type Figures, figuresOf, type Space } from './figures.js'
import { listsOf } from './lists.js'
import { WAYS } from './ways.js'

export interface Point extends Figures {
  strength: number
}

export interface Frontier {
  asked: number
  /** What `variety: true` means here. */
  usual: number
  items: number
  /** What `elsewhere` measures. */
  space: string
  plain: Figures
  /** By way, by rising strength. */
  ways: Record<string, Point[]>
}

const STRENGTHS = [0.125, 0.25, 0.5, 1]

interface Input {
  pack: string
  questions: string
  /** The log that the pack was trained on. */
  train: string
  /** A table of attributes, where there is one. */
  items: string
  sample?: number | undefined
  /** What `variety: true` means; without it, it is fitted on the questions. */
  usual?: number | undefined
}

export async function frontier(input: Input, say: (line: string) => void): Promise<Frontier> {
  const { model, lists } = await listsOf(input.pack, input.questions, input.sample)
  const { name, space } = await spaceOf(model, input)
  const plain = figuresOf(model, lists, ({ candidates }) => candidates.rows.subarray(0, 10), space)
  const usual = input.usual ?? (await fitted(model, input.questions))
  const strengths = [...new Set([...STRENGTHS, usual])].sort((a, b) => a - b)
  const ways: Record<string, Point[]> = {}
  for (const [way, make] of Object.entries(WAYS)) {
    ways[way] = strengths.map((strength) => {
      const answer = make()
      return { strength, ...figuresOf(model, lists, (list: VariedList) => answer(list, strength), space) }
    })
    for (const { strength, ndcg, coverage, distance, elsewhere } of ways[way])
      say(
        `${way} ${strength}: NDCG ${change(ndcg, plain.ndcg)}, coverage ${change(coverage, plain.coverage)}, ` +
          `distance ${change(distance, plain.distance)}, elsewhere ${change(elsewhere, plain.elsewhere)}`,
      )
  }
  return {
    asked: lists.length,
    usual,
    items: model.catalog.size,
    space: name,
    plain,
    ways,
  }
}

/** As training does it, with the sessions that it would hold out. */
async function fitted(model: ServingModel, questions: string): Promise<number> {
  const { data } = await loadLog({ events: [questions] })
  return (await fitVariety(model, data))?.strength ?? usualStrength(model)
}

function change(value: number, before: number): string {
  return `${value >= before ? '+' : ''}${(100 * (value / before - 1)).toFixed(1)} %`
}

/** Attributes where the shop has a table of them; otherwise the sessions in which the items were seen. */
async function spaceOf(
  model: ServingModel,
  { items, train }: Input,
): Promise<{ name: string; space: Space }> {
  if (!existsSync(items)) {
    const { data } = await loadLog({ events: [train] })
    return { name: 'sessions of the training log', space: bySessions(model, data) }
  }
  const [head = '', ...rows] = gunzipSync(readFileSync(items)).toString().trimEnd().split('\n')
  const names = head.split('\t').slice(1)
  const values = Array.from({ length: model.catalog.size }, (): string[] => [])
  for (const row of rows) {
    const [id, ...cells] = row.split('\t')
    const at = model.catalog.rowOf(id!)
    if (at >= 0) values[at] = cells
  }
  return { name: names.join(', '), space: byAttributes(values) }
}
