/** Puts a list's cards in another order, with or without motion. */

/** @returns whether the list was invisible until now, waiting for its order */
export function release(): boolean {
  const { dataset } = document.documentElement
  const held = dataset.hold !== undefined
  delete dataset.hold
  return held
}

/** Each card travels from where it was. Visitors who asked for less motion see the new order at once. */
export function move(list: HTMLElement, wanted: readonly HTMLElement[], motion = true): void {
  const before = new Map(wanted.map((card) => [card, card.getBoundingClientRect()]))
  list.append(...wanted)
  if (!motion || matchMedia('(prefers-reduced-motion: reduce)').matches) return
  for (const card of wanted) {
    const [from, to] = [before.get(card)!, card.getBoundingClientRect()]
    if (!to.width || to.top > innerHeight + 400 || to.bottom < -400) continue
    const start = from.width
      ? { transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` }
      : { opacity: 0, transform: 'scale(0.9)' }
    card.animate([start, { opacity: 1, transform: 'none' }], {
      duration: 600,
      easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)',
    })
  }
}

/** Milliseconds that the shop's order is on the screen before it moves, so that there is a change to see. */
const PAUSE = 700

/** Resolves when the page has been on the screen for a moment. */
export async function seen(): Promise<void> {
  if (document.hidden) {
    await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }))
  }
  await new Promise((resolve) => requestAnimationFrame(resolve))
  const painted = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()
  await new Promise((resolve) => setTimeout(resolve, painted + PAUSE - performance.now()))
}

/** Watches whether the visitor is busy in a list: what someone is about to click must not move. */
export function watchUse(list: HTMLElement): () => boolean {
  let used = false
  for (const type of ['pointerdown', 'pointermove'] as const) {
    list.addEventListener(type, () => (used = true), { once: true, passive: true })
  }
  return () => used || list.contains(document.activeElement)
}
