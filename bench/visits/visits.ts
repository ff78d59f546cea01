/**
 * Page visits in a real browser. Cold: nothing stored, so the engine and the pack come over the network (localhost).
 * Warm: the next page of the same visitor, pack and events in storage. The clock starts at `create()`.
 */
import type { Browser, Page } from 'playwright'
import { median, quantile } from '../browser/stats.js'

export interface VisitInput {
  name: string
  /** Paths on the server: the pack's folder, and a JSON list of ids. */
  pack: string
  ids: string
  rounds: number
}

export interface VisitResult {
  name: string
  rounds: number
  /** Milliseconds from `create()` to the first ranking of 200 products by the device, medians. */
  cold: number
  warm: number
  warmP95: number
  /** Where the warm pages got the pack from. */
  from: string
  /** Share of warm pages whose first `rank`, with the default timeout, the device answered. */
  byDevice: number
  /** Milliseconds of the main thread per `rank` of 200 products: the call, the reply, the promise. */
  mainThread: number
  /** Tasks above 50 ms on the main thread, in all visits together. */
  longTasks: number
}

interface Visit {
  ms: number
  by: 'device' | 'server'
  why?: string
  from?: string
}

const CALLS = 200

/** Milliseconds of the page's main thread per call, with everything it does: messages, promises, garbage collection. */
async function mainThreadPerCall(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value
  }
  await page.evaluate(`rankAgain(${CALLS})`)
  const before = await busy()
  await page.evaluate(`rankAgain(${CALLS})`)
  const after = await busy()
  await session.detach()
  return (after - before) / CALLS
}

export async function visits(browser: Browser, origin: string, input: VisitInput): Promise<VisitResult> {
  const address = `${origin}/visits/page.html?pack=${input.pack}&ids=${input.ids}`
  const cold: number[] = []
  const warm: Visit[] = []
  let longTasks = 0
  let mainThread = 0

  const open = async (page: Page, url: string): Promise<Visit> => {
    await page.goto(url)
    await page.waitForFunction('window.visit')
    return (await page.evaluate('window.visit')) as Visit
  }
  const leave = async (page: Page) => {
    longTasks += ((await page.evaluate('window.longTasks')) as number[]).length
  }

  for (let round = 0; round < input.rounds; round++) {
    const context = await browser.newContext()
    const page = await context.newPage()
    const first = await open(page, `${address}&wait`)
    if (first.by !== 'device') throw new Error(`${input.name}: a first visit was not answered: ${first.why}`)
    cold.push(first.ms)
    await page.evaluate('view(...products.slice(0, 3))')
    await leave(page)
    if (round < input.rounds - 1) {
      await context.close()
      continue
    }

    // The last visitor opens the warm pages, once the pack is stored.
    const stored = async () => !['network', undefined].includes((await open(page, address)).from)
    for (let tries = 0; !(await stored()); tries++) {
      if (tries === 20) throw new Error(`${input.name}: the pack is not stored`)
      await page.waitForTimeout(250)
    }
    for (let visit = 0; visit < 2 * input.rounds; visit++) {
      warm.push(await open(page, address))
      await leave(page)
    }
    mainThread = await mainThreadPerCall(page)
    await leave(page)
    await context.close()
  }

  const times = warm.filter(({ by }) => by === 'device').map(({ ms }) => ms)
  return {
    name: input.name,
    rounds: input.rounds,
    cold: median(cold),
    warm: median(times),
    warmP95: quantile(times, 0.95),
    from: [...new Set(warm.map(({ from }) => from ?? 'nowhere'))].join(', '),
    byDevice: times.length / warm.length,
    mainThread,
    longTasks,
  }
}
