/**
 * A made-up shop whose truth is known: what each person would like, what each item is worth, and how likely a purchase
 * is. README.md beside this file has the whole model in words and formulas.
 *
 * There are categories, and in each category styles of about twenty items. A person likes styles (an affinity in a space
 * of DIM dimensions), likes good items, and has a budget. What draws clicks (`lure`) is independent of what makes people
 * buy (`quality`), so clicks and purchases tell different things.
 */
import { gaussian, seeded } from '../scan/vectors.js'

export const DIM = 8
const STYLE_ITEMS = 20
const BRANDS = 50

export interface Person {
  /** Unit vector. */
  taste: Float32Array
  /** Categories this person mostly comes for. */
  favourites: readonly number[]
  /** Natural logarithm of the price that suits. */
  budget: number
}

export class Shop {
  readonly categories: number
  /** Unit vectors, Float32Array of items * DIM. */
  readonly vectors: Float32Array
  /** What draws clicks, and what makes people buy: both standard normal. */
  readonly lure: Float32Array
  readonly quality: Float32Array
  /** Natural logarithm. */
  readonly price: Float32Array
  private readonly step: number
  private readonly first: number

  constructor(
    readonly items: number,
    readonly people: number,
    readonly seed: number,
  ) {
    this.categories = Math.max(1, Math.round(Math.sqrt(items) / 3))
    this.step = coprime(items)
    this.first = mix(seed, 7) % items
    const random = seeded(mix(seed, 1))
    const normal = gaussian(random)
    this.vectors = new Float32Array(items * DIM)
    const centres = new Map<number, Float32Array>()
    for (let item = 0; item < items; item++) {
      const category = this.categoryOf(item)
      const style = category + this.categories * this.styleOf(item)
      const centre = centres.get(style) ?? Float32Array.from({ length: DIM }, normal)
      centres.set(style, centre)
      for (let d = 0; d < DIM; d++) this.vectors[item * DIM + d] = centre[d]! + 0.5 * normal()
      normalise(this.vectors.subarray(item * DIM, (item + 1) * DIM))
    }
    this.lure = Float32Array.from({ length: items }, normal)
    this.quality = Float32Array.from({ length: items }, normal)
    const level = Float32Array.from({ length: this.categories }, () => 3 + 0.7 * normal())
    this.price = Float32Array.from(
      { length: items },
      (_, item) => level[this.categoryOf(item)]! + 0.4 * normal(),
    )
  }

  categoryOf(item: number): number {
    return item % this.categories
  }

  /** Place among the items of its category, the most popular first. */
  rankOf(item: number): number {
    return Math.floor(item / this.categories)
  }

  styleOf(item: number): number {
    return this.rankOf(item) % this.stylesIn(this.categoryOf(item))
  }

  sizeOf(category: number): number {
    return Math.floor((this.items - 1 - category) / this.categories) + 1
  }

  /** An item of the category; the chance of the r-th most popular is about 1 / r. */
  draw(category: number, random: () => number): number {
    return category + this.categories * zipf(this.sizeOf(category), random)
  }

  /** An item of the same category and style, popular ones more often. */
  drawLike(item: number, random: () => number): number {
    const category = this.categoryOf(item)
    const styles = this.stylesIn(category)
    const style = this.styleOf(item)
    const size = Math.floor((this.sizeOf(category) - 1 - style) / styles) + 1
    return category + this.categories * (style + styles * zipf(size, random))
  }

  /** A person is computed from the number and the seed, so people take no memory. */
  person(number: number): Person {
    const random = seeded(mix(this.seed, 2, number))
    const normal = gaussian(random)
    const taste = normalise(Float32Array.from({ length: DIM }, normal))
    const favourites = [0, 1].map(() => Math.floor(this.categories * random()))
    return { taste, favourites, budget: 3 + 0.7 * normal() }
  }

  /** How well an item fits a taste: about standard normal over items. */
  affinity({ taste }: Person, item: number): number {
    let sum = 0
    for (let d = 0; d < DIM; d++) sum += taste[d]! * this.vectors[item * DIM + d]!
    return Math.sqrt(DIM) * sum
  }

  liking(person: Person, item: number): number {
    const tooDear = Math.max(0, this.price[item]! - person.budget)
    return 1.2 * this.affinity(person, item) + this.quality[item]! - tooDear
  }

  /** Chance that an item is clicked once a person looks at it, at any position. */
  clickProbability(person: Person, item: number): number {
    return sigmoid(this.affinity(person, item) + this.lure[item]! - 1.2)
  }

  cartProbability(person: Person, item: number): number {
    return sigmoid(this.liking(person, item) - 3)
  }

  /** Chance that an item in the basket is bought. */
  buyProbability(person: Person, item: number): number {
    return sigmoid(0.8 * this.liking(person, item) - 1)
  }

  returnProbability(person: Person, item: number): number {
    return sigmoid(-this.liking(person, item) - 1)
  }

  /** The truth that lists are judged by: the chance that a person who looks at an item buys it in that visit. */
  purchaseProbability(person: Person, item: number): number {
    return this.cartProbability(person, item) * this.buyProbability(person, item)
  }

  /** Ids in a shuffled order, so that they tell nothing of category or popularity. */
  idOf(item: number): string {
    return `i${((item * this.step + this.first) % this.items).toString().padStart(7, '0')}`
  }

  titleOf(item: number): string {
    const { word, colour } = this.wordsOf(item)
    return `${colour} ${word} ${this.rankOf(item) + 1}`
  }

  categoryName(item: number): string {
    return `Aisle ${this.categoryOf(item) + 1} > Style ${this.styleOf(item) + 1}`
  }

  brandOf(item: number): string {
    return `Brand ${1 + (mix(this.seed, 3, this.categoryOf(item), this.styleOf(item)) % BRANDS)}`
  }

  priceOf(item: number): number {
    return Math.max(0.5, Math.round(100 * Math.exp(this.price[item]!)) / 100)
  }

  private wordsOf(item: number) {
    const style = mix(this.seed, 4, this.categoryOf(item), this.styleOf(item))
    return { word: WORDS[style % WORDS.length]!, colour: COLOURS[mix(this.seed, 5, item) % COLOURS.length]! }
  }

  private stylesIn(category: number): number {
    return Math.max(1, Math.round(this.sizeOf(category) / STYLE_ITEMS))
  }
}

const WORDS = [
  'lamp',
  'chair',
  'mug',
  'bag',
  'scarf',
  'clock',
  'basket',
  'frame',
  'bowl',
  'rug',
  'shelf',
  'jar',
]
const COLOURS = ['Red', 'Blue', 'Green', 'White', 'Black', 'Grey', 'Yellow', 'Pink']

/** A number from 0 to n - 1; the chance of r is about 1 / (r + 1). */
function zipf(n: number, random: () => number): number {
  return Math.min(n - 1, Math.floor((n + 1) ** random()) - 1)
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

function normalise(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  for (let d = 0; d < vector.length; d++) vector[d]! /= length
  return vector
}

/** A 32-bit seed from numbers (the finaliser of MurmurHash3). */
export function mix(...numbers: number[]): number {
  let h = 0x9e3779b9
  for (const n of numbers) {
    h = Math.imul(h ^ (n | 0), 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    h ^= h >>> 16
  }
  return h >>> 0
}

/** A factor that permutes 0 to n - 1, with products that stay exact. */
function coprime(n: number): number {
  const divides = (a: number, b: number): number => (b === 0 ? a : divides(b, a % b))
  let factor = Math.floor(0.618 * n) || 1
  while (divides(factor, n) !== 1) factor++
  return factor
}
