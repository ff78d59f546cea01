/**
 * A log of the made-up shop, visit by visit in the order of their beginnings, for as many events as are wanted. Only the
 * catalogue is held in memory.
 */
import { seeded } from '../scan/vectors.js'
import { mix, type Shop } from './shop.js'
import { type Visit, visit } from './visit.js'

export interface NumberedVisit extends Visit {
  number: number
  person: number
}

/** 1 March 2026, and the two months after it. */
const BEGIN = Date.UTC(2026, 2, 1) / 1000
const DAYS = 60
const DAY = 86_400

/** Enough people that each comes about three times. */
export function peopleFor(events: number): number {
  return Math.max(1, Math.ceil(events / 25))
}

/** Visits until they have `events` events in total. The last one may be cut short. */
export function* visits(shop: Shop, events: number, exposures = false): Generator<NumberedVisit> {
  let told = 0
  for (let number = 0; told < events; number++) {
    const random = seeded(mix(shop.seed, 6, number))
    // A few people come often, most rarely.
    const person = Math.floor(shop.people * random() ** 1.5)
    const found = visit(shop, shop.person(person), moment(told / events), random, exposures)
    if (found.happenings.length === 0) continue
    if (told + found.happenings.length > events) found.happenings.length = events - told
    told += found.happenings.length
    yield { ...found, number, person }
  }
}

/** Unix seconds at a share of the whole time. There is less to do at night. */
function moment(share: number): number {
  const days = DAYS * share
  const within = days % 1
  return BEGIN + DAY * (Math.floor(days) + within + 0.12 * Math.sin(2 * Math.PI * within))
}
