/**
 * Files of a made-up shop, streamed in parts of a million rows, so that ten million events take no more memory than ten
 * thousand. A file gets its name only when it is complete. Parquet is written by DuckDB from the same rows.
 */
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, identifier, literal, openDatabase } from '../../train/src/data/database.js'
import { visits } from './log.js'
import { DIM, type Shop } from './shop.js'
import { BIAS } from './visit.js'

export interface Written {
  events: number
  visits: number
  exposures: number
  /** Events by kind. */
  kinds: Record<string, number>
}

export interface WriteOptions {
  folder: string
  events: number
  format: 'csv' | 'parquet'
  exposures: boolean
  onProgress?: (events: number) => void
}

const PART = 1_000_000
const BUFFER = 1 << 20

const EVENTS: Columns = {
  session_id: 'VARCHAR',
  user_id: 'VARCHAR',
  item_id: 'VARCHAR',
  timestamp: 'BIGINT',
  event_type: 'VARCHAR',
  quantity: 'INTEGER',
  price: 'DOUBLE',
  position: 'INTEGER',
  server_score: 'FLOAT',
}
const EXPOSURES: Columns = {
  session_id: 'VARCHAR',
  user_id: 'VARCHAR',
  item_id: 'VARCHAR',
  timestamp: 'BIGINT',
  position: 'INTEGER',
  server_score: 'FLOAT',
  clicked: 'BOOLEAN',
}

/** Writes `events-000.*`, `items.csv`, `truth/` and, if wanted, `exposures-000.*` into a folder. */
export async function writeShop(shop: Shop, options: WriteOptions): Promise<Written> {
  const { folder, format } = options
  mkdirSync(join(folder, 'truth'), { recursive: true })
  writeItems(shop, folder)
  await using database = await openDatabase()
  const convert = format === 'parquet' ? database : null
  const events = new Parts(join(folder, 'events'), EVENTS, convert)
  const exposures = options.exposures ? new Parts(join(folder, 'exposures'), EXPOSURES, convert) : null
  const written: Written = { events: 0, visits: 0, exposures: 0, kinds: {} }
  for (const { number, person, happenings, exposures: shown } of visits(
    shop,
    options.events,
    exposures !== null,
  )) {
    const who = `v${number},u${person}`
    for (const { item, time, kind, position, score } of happenings) {
      const place = position > 0 ? `${position},${score.toFixed(3)}` : ','
      const price = shop.priceOf(item).toFixed(2)
      await events.add(`${who},${shop.idOf(item)},${time},${kind},1,${price},${place}\n`)
      written.kinds[kind] = (written.kinds[kind] ?? 0) + 1
      if (++written.events % PART === 0) options.onProgress?.(written.events)
    }
    written.visits++
    if (!exposures) continue
    for (const { item, time, position, score, clicked } of shown) {
      await exposures.add(`${who},${shop.idOf(item)},${time},${position},${score.toFixed(3)},${clicked}\n`)
      written.exposures++
    }
  }
  await events.end()
  await exposures?.end()
  writePeople(shop, folder)
  writeFileSync(join(folder, 'truth/model.json'), `${JSON.stringify(modelOf(shop), null, 2)}\n`)
  return written
}

type Columns = Readonly<Record<string, string>>

/** Numbered files of PART rows each. */
class Parts {
  private number = 0
  private file: TextFile | null = null

  constructor(
    private readonly stem: string,
    private readonly columns: Columns,
    private readonly database: Database | null,
  ) {}

  /** @returns a promise where a part is full and must be finished */
  add(row: string): Promise<void> | undefined {
    this.file ??= new TextFile(`${this.name()}.csv`, this.columns)
    this.file.add(row)
    return this.file.rows === PART ? this.end() : undefined
  }

  async end(): Promise<void> {
    if (!this.file) return
    this.file.end()
    this.file = null
    if (this.database) {
      const types = Object.entries(this.columns).map(([column, type]) => `${literal(column)}: '${type}'`)
      const [from, to] = [`${this.name()}.csv`, `${this.name()}.parquet`]
      const columns = Object.keys(this.columns).map(identifier)
      await this.database.run(
        `COPY (SELECT ${columns.join(', ')} FROM read_csv(${literal(from)}, header = true, columns = {${types.join(', ')}}))
         TO ${literal(`${to}.part`)} (FORMAT parquet, COMPRESSION zstd)`,
      )
      renameSync(`${to}.part`, to)
      rmSync(from)
    }
    this.number++
  }

  private name(): string {
    return `${this.stem}-${String(this.number).padStart(3, '0')}`
  }
}

/** A CSV file that gets its name when it is complete. */
class TextFile {
  rows = 0
  private text: string
  private readonly handle: number

  constructor(
    private readonly path: string,
    columns: Columns,
  ) {
    this.handle = openSync(`${path}.part`, 'w')
    this.text = `${Object.keys(columns).join(',')}\n`
  }

  add(row: string): void {
    this.text += row
    this.rows++
    if (this.text.length > BUFFER) this.flush()
  }

  end(): void {
    this.flush()
    closeSync(this.handle)
    renameSync(`${this.path}.part`, this.path)
  }

  private flush(): void {
    writeSync(this.handle, this.text)
    this.text = ''
  }
}

const vectorColumns = Object.fromEntries(Array.from({ length: DIM }, (_, d) => [`v${d}`, 'FLOAT']))
const numbers = (vector: Iterable<number>) => Array.from(vector, (value) => value.toFixed(5)).join(',')

/** The catalogue as a shop has it, and the truth about its items. */
function writeItems(shop: Shop, folder: string): void {
  const catalogue = new TextFile(join(folder, 'items.csv'), {
    item_id: '',
    title: '',
    category: '',
    brand: '',
    price: '',
  })
  const truth = new TextFile(join(folder, 'truth/items.csv'), {
    item_id: '',
    lure: '',
    quality: '',
    log_price: '',
    ...vectorColumns,
  })
  for (let item = 0; item < shop.items; item++) {
    const id = shop.idOf(item)
    catalogue.add(
      `${id},${shop.titleOf(item)},${shop.categoryName(item)},${shop.brandOf(item)},${shop.priceOf(item).toFixed(2)}\n`,
    )
    const facts = [shop.lure[item]!, shop.quality[item]!, shop.price[item]!]
    truth.add(`${id},${numbers([...facts, ...shop.vectors.subarray(item * DIM, (item + 1) * DIM)])}\n`)
  }
  catalogue.end()
  truth.end()
}

function writePeople(shop: Shop, folder: string): void {
  const truth = new TextFile(join(folder, 'truth/people.csv'), {
    user_id: '',
    log_budget: '',
    favourites: '',
    ...vectorColumns,
  })
  for (let person = 0; person < shop.people; person++) {
    const { taste, budget, favourites } = shop.person(person)
    const aisles = favourites.map((category) => `Aisle ${category + 1}`).join(' | ')
    truth.add(`u${person},${budget.toFixed(5)},${aisles},${numbers(taste)}\n`)
  }
  truth.end()
}

/** The formulas that turn the columns of the truth into probabilities. */
function modelOf({ items, people, seed, categories }: Shop) {
  return {
    seed,
    items,
    people,
    categories,
    affinity: `sqrt(${DIM}) * dot(person.v, item.v)`,
    liking: '1.2 * affinity + quality - max(0, log_price - log_budget)',
    examined: `position ** -${BIAS}`,
    'clicked if examined': 'sigmoid(affinity + lure - 1.2)',
    'in the basket if clicked': 'sigmoid(liking - 3)',
    'bought if in the basket': 'sigmoid(0.8 * liking - 1)',
    'returned if bought': 'sigmoid(-liking - 1)',
    'dwell, seconds, if clicked': 'min(1200, exp(2.2 + 0.5 * liking + 0.8 * normal))',
  }
}
