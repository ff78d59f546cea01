import { describe, expect, it } from 'vitest'
import { floats, type ToyTensor, toyFile } from '../../fixtures/tensors.js'
import { random } from '../maths/random.js'
import { Safetensors } from './safetensors.js'

const NAME = 'some.safetensors'

/** Throws if the reader asks for bytes outside of the file. That would be a fault of the reader, not of the file. */
function open(bytes: Uint8Array): Safetensors {
  return new Safetensors({
    name: NAME,
    size: bytes.length,
    read(from, length) {
      if (!(from >= 0 && length >= 0 && from + length <= bytes.length))
        throw new RangeError('read out of bounds')
      return bytes.slice(from, from + length)
    },
  })
}

const words = (dtype: string, shape: number[], values: number[]): ToyTensor => ({
  dtype,
  shape,
  bytes: new Uint8Array(Uint16Array.from(values).buffer),
})

const two = { a: floats([2, 2], [1, 2, 3, 4]), b: floats([1], [5]) }

describe('a safetensors file', () => {
  it('gives the numbers of every type', () => {
    const file = open(
      toyFile(
        {
          vectors: floats([2, 3], [1, -2, 0.5, 1e-30, 3e38, -0]),
          half: words('F16', [6], [0x3c00, 0xc000, 0x0001, 0x7bff, 0x8000, 0x3555]),
          brain: words('BF16', [3], [0x3f80, 0xc000, 0x4049]),
          empty: floats([0, 7], []),
          one: floats([], [7]),
          counts: { dtype: 'I64', shape: [1], bytes: new Uint8Array(8) },
        },
        (header) => ({ __metadata__: { format: 'pt' }, ...header }),
      ),
    )
    expect(file.tensors.get('vectors')).toMatchObject({ dtype: 'F32', shape: [2, 3] })
    expect([...file.read('vectors')]).toEqual([1, -2, 0.5, Math.fround(1e-30), Math.fround(3e38), -0])
    expect([...file.read('half')]).toEqual([1, -2, 2 ** -24, 65504, -0, 0.333251953125])
    expect([...file.read('brain')]).toEqual([1, -2, 3.140625])
    expect(file.read('empty').length).toBe(0)
    expect([...file.read('one')]).toEqual([7])
    expect(() => file.read('counts')).toThrow(`${NAME}: tensor "counts" is I64, expected F32, F16, BF16`)
  })

  it('may have tensors named like properties of JavaScript objects', () => {
    const file = open(
      toyFile({ a: floats([1], [1]), b: floats([1], [2]) }, (header) =>
        JSON.stringify(header).replace('"a"', '"__proto__"').replace('"b"', '"constructor"'),
      ),
    )
    expect([...file.tensors.keys()]).toEqual(['__proto__', 'constructor'])
    expect([...file.read('__proto__'), ...file.read('constructor')]).toEqual([1, 2])
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
  })

  const entry = (more: object) => ({ dtype: 'F32', shape: [2, 2], data_offsets: [0, 16], ...more })
  it.each<[string, (header: Record<string, unknown>) => unknown, string]>([
    ['no JSON', () => '{"a": ', 'the header is not JSON'],
    ['a list', () => '[1]', 'does not begin with {'],
    ['bytes that are not text', () => '{"\udfff": 1}'.replace('\udfff', '\ud800'), 'has no description'],
    ['a tensor without a description', (h) => ({ ...h, a: null }), 'tensor "a" has no description'],
    ['an unknown type', (h) => ({ ...h, a: entry({ dtype: 'F31' }) }), 'dtype "F31", expected one of'],
    ['a type that is not a name', (h) => ({ ...h, a: entry({ dtype: ['F32'] }) }), 'dtype ["F32"]'],
    ['a negative side', (h) => ({ ...h, a: entry({ shape: [-2, -2] }) }), 'shape [-2,-2], expected a list'],
    ['half a side', (h) => ({ ...h, a: entry({ shape: [0.5, 8] }) }), 'expected a list of whole numbers'],
    [
      'a size beyond the largest integer',
      (h) => ({ ...h, a: entry({ shape: [2 ** 52, 2 ** 52] }) }),
      '16 bytes, expected',
    ],
    [
      'another size than its shape',
      (h) => ({ ...h, a: entry({ shape: [2, 3] }) }),
      '16 bytes, expected 24 of F32 of shape [2,3]',
    ],
    ['three offsets', (h) => ({ ...h, a: entry({ data_offsets: [0, 16, 20] }) }), 'expected [begin, end]'],
    [
      'offsets in reverse order',
      (h) => ({ ...h, a: entry({ data_offsets: [16, 0] }) }),
      'data_offsets [16, 0]',
    ],
    ['offsets past the end', (h) => ({ ...h, b: entry({ data_offsets: [16, 32] }) }), 'within 20 bytes'],
    [
      'an overlap',
      (h) => ({ ...h, b: entry({ shape: [2], data_offsets: [12, 20] }) }),
      'tensor "b" overlaps "a"',
    ],
    [
      'a gap',
      (h) => ({ a: entry({ shape: [3], data_offsets: [0, 12] }), b: h.b }),
      'tensor "b" leaves a gap of 4 bytes behind "a"',
    ],
    ['bytes that belong to no tensor', (h) => ({ a: h.a }), '4 bytes at the end belong to no tensor'],
    ['a name twice', (h) => JSON.stringify(h).replace('"b"', '"\\u0061"'), 'has the name "a" twice'],
    [
      'a field twice',
      (h) => JSON.stringify(h).replace('"dtype"', '"shape":[1],"dtype"'),
      'has the name "shape" twice',
    ],
    ['metadata of numbers', (h) => ({ __metadata__: { epochs: 3 }, ...h }), '__metadata__ is not'],
  ])('is refused with %s', (_, mend, message) => {
    expect(() => open(toyFile(two, mend))).toThrow(message)
    expect(() => open(toyFile(two, mend))).toThrow(NAME)
  })

  it('is refused when it is not a safetensors file at all', () => {
    expect(() => open(new Uint8Array(4))).toThrow(
      '4 bytes, expected at least 10; is this a safetensors file?',
    )
    expect(() => open(new Uint8Array(64).fill(255))).toThrow('a header of 18446744073709552000 bytes')
    expect(() => open(toyFile(two).slice(0, 30))).toThrow('in a file of 30')
    expect(() => open(toyFile({ a: floats([1], [Number.NaN]) })).read('a')).toThrow(
      'tensor "a": value 0 is NaN',
    )
  })

  it('is refused with a clear message or read within its bounds, no matter how it is broken', () => {
    const sound = toyFile({ ...two, half: words('F16', [3], [1, 2, 3]) }, (h) => ({
      __metadata__: { format: 'pt' },
      ...h,
    }))
    const header = 8 + Number(new DataView(sound.buffer).getBigUint64(0, true))
    const uniform = random(2026)
    const upTo = (most: number) => Math.floor(uniform() * most)
    const snippets = [
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      '-',
      '9',
      '1e99',
      'null',
      '"a":',
      '__proto__',
      '\\',
      '\0',
      '"F32"',
      '[0,16]',
    ]
    let refused = 0
    for (let round = 0; round < 4000; round++) {
      let bytes = sound.slice()
      for (let change = upTo(3); change >= 0; change--) {
        // Mostly in the header, because any numbers are allowed behind it.
        const at = upTo(uniform() < 0.9 ? header : bytes.length)
        const kind = upTo(4)
        if (kind === 0) bytes[at]! ^= 1 << upTo(8)
        else if (kind === 1) bytes = bytes.slice(0, Math.max(at, upTo(bytes.length)))
        else {
          const text = Buffer.from(snippets[upTo(snippets.length)]!)
          const behind = bytes.slice(at + (kind === 2 ? text.length : 0))
          bytes = new Uint8Array(Buffer.concat([bytes.slice(0, at), text, behind]))
          // Correct the header's length as well, as a careful attacker would.
          if (kind === 3 && at >= 8)
            new DataView(bytes.buffer).setBigUint64(0, BigInt(header - 8 + text.length), true)
        }
      }
      try {
        const file = open(bytes)
        for (const [name, { dtype, shape }] of file.tensors) {
          if (!['F32', 'F16', 'BF16'].includes(dtype)) continue
          expect(file.read(name).length).toBe(shape.reduce((product, side) => product * side, 1))
        }
      } catch (error) {
        refused++
        expect((error as Error).message.startsWith(`${NAME}: `), String(error)).toBe(true)
      }
    }
    expect(refused).toBeGreaterThan(2000)
  })
})
